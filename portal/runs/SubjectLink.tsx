import { TextLink } from '#portal/kit/ButtonLink.tsx'
import type { Run } from './run-words.ts'

/** What a run is about, leading to its page where it has one. */
export function SubjectLink({ subject: { type, id } }: Pick<Run, 'subject'>) {
  if (type === 'model')
    return (
      <TextLink to="/models/$model" params={{ model: id }} inherit>
        {id}
      </TextLink>
    )
  if (type === 'subscription')
    return (
      <TextLink to="/subscriptions/$subscription" params={{ subscription: id }} inherit>
        {id}
      </TextLink>
    )
  return (
    <>
      {type} {id}
    </>
  )
}
