import { Code } from '@mantine/core'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { durationText } from '#portal/kit/figures.ts'
import { Time } from '#portal/kit/Time.tsx'
import { RunStateBadge } from './RunStateBadge.tsx'
import { type Run, reasonOf, triggerWords } from './run-words.ts'
import { SubjectLink } from './SubjectLink.tsx'
import { useLength } from './use-length.ts'

/** Everything about a run that fits in a word or two. */
export function RunFacts({ run }: { run: Run }) {
  const you = useYou()
  const length = useLength(run)
  const { token_id, account_id, account, cause } = run.trigger
  const accountLink = account_id !== null && may(you, 'accounts:admin') && (
    <TextLink to="/admin/accounts/$account" params={{ account: account_id }}>
      {account ?? account_id}
    </TextLink>
  )
  return (
    <Facts
      facts={[
        { label: 'State', value: <RunStateBadge run={run} /> },
        { label: 'About', value: <SubjectLink subject={run.subject} /> },
        { label: 'Asked for by', value: accountLink || triggerWords(run) },
        ...(token_id === null ? [] : [{ label: 'With the API token', value: <TokenLink token={token_id} /> }]),
        ...(cause === null || cause === account
          ? []
          : [{ label: reasonOf(run) === null ? 'Cause' : 'Reason', value: cause }]),
        { label: 'Asked for', value: <Time at={run.created_at} /> },
        { label: 'Begun', value: <Time at={run.started_at} none="not yet" /> },
        { label: 'Ended', value: <Time at={run.finished_at} none="not yet" /> },
        { label: 'Took', value: length === null ? 'not begun' : durationText(length) },
        { label: 'Attempt', value: run.attempt },
        { label: 'Number', value: <Code>{run.id}</Code> },
      ]}
    />
  )
}

function TokenLink({ token }: { token: string }) {
  return may(useYou(), 'tokens:admin') ? (
    <TextLink to="/admin/tokens/$token" params={{ token }}>
      {token}
    </TextLink>
  ) : (
    <Code>{token}</Code>
  )
}
