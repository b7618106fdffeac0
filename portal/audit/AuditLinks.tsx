import { Code } from '@mantine/core'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { type AuditEvent, actorWords } from './event-words.ts'

/** Who acted, leading to their account, and how they came. */
export function Actor({ event }: { event: AuditEvent }) {
  const you = useYou()
  const { account_id, token_id } = event
  const { before, name, after } = actorWords(event)
  return (
    <>
      {before}{' '}
      {account_id !== null && may(you, 'accounts:admin') ? (
        <TextLink to="/admin/accounts/$account" params={{ account: account_id }} inherit>
          {name}
        </TextLink>
      ) : (
        name
      )}{' '}
      {after} {token_id !== null && <TokenLink token={token_id} />}
    </>
  )
}

/** What was acted on, leading to its page where it has one. */
export function Subject({ subject_type: type, subject_id: id }: Pick<AuditEvent, 'subject_type' | 'subject_id'>) {
  if (id === null) return <>{type}</>
  const of = <SubjectId type={type} id={id} />
  return (
    <>
      {type} {of}
    </>
  )
}

function SubjectId({ type, id }: { type: string; id: string }) {
  const you = useYou()
  if (type === 'token') return <TokenLink token={id} />
  if (type === 'account' && may(you, 'accounts:admin'))
    return (
      <TextLink to="/admin/accounts/$account" params={{ account: id }} inherit>
        {shortId(id)}
      </TextLink>
    )
  if (type === 'model')
    return (
      <TextLink to="/models/$model" params={{ model: id }} inherit>
        {id}
      </TextLink>
    )
  if (type === 'run')
    return (
      <TextLink to="/runs/$run" params={{ run: id }} inherit>
        {shortId(id)}
      </TextLink>
    )
  return <Code>{id}</Code>
}

function TokenLink({ token }: { token: string }) {
  return may(useYou(), 'tokens:admin') ? (
    <TextLink to="/admin/tokens/$token" params={{ token }} inherit>
      {token}
    </TextLink>
  ) : (
    <Code>{token}</Code>
  )
}

/** The part of a UUID that tells neighbours apart; the whole of anything else. */
const shortId = (id: string): string => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? `…${id.slice(-12)}` : id)
