import { TextLink } from '#portal/kit/ButtonLink.tsx'
import type { Run } from './run-words.ts'

/** What a run is about, leading to its page where it has one. */
export function SubjectLink({ subject: { type, id } }: Pick<Run, 'subject'>) {
  return type === 'model' ? (
    <TextLink to="/models/$model" params={{ model: id }} inherit>
      {id}
    </TextLink>
  ) : (
    <>
      {type} {id}
    </>
  )
}
