import { ask } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { invalidate, query } from '#portal/kit/queries.ts'

export type Assignment = Reply<'GET /v1/collections/:collection/assignments'>['items'][number]
export type Role = Reply<'GET /v1/collections/:collection/roles'>['items'][number]

/** On what roles are given here. */
export type Place =
  | { readonly type: 'collection'; readonly id: number }
  | { readonly type: 'dataset'; readonly id: number }
  | { readonly type: 'file'; readonly id: number }

/** Everybody, in the words of the API and of people. */
export const audiences = [
  { value: ':signed-in', label: 'Everybody who is signed in' },
  { value: ':everybody', label: 'Everybody, visitors too' },
] as const

export const assigneeWords = ({ assignee, display_name }: Pick<Assignment, 'assignee' | 'display_name'>): string =>
  audiences.find(({ value }) => value === assignee)?.label ?? display_name

export function assignmentsQuery({ type, id }: Place) {
  const number = String(id)
  if (type === 'collection')
    return query('GET /v1/collections/:collection/assignments', { params: { collection: number } })
  if (type === 'dataset') return query('GET /v1/datasets/:dataset/assignments', { params: { dataset: number } })
  return query('GET /v1/files/:file/assignments', { params: { file: number } })
}

export function giveRole({ type, id }: Place, body: { assignee: string; role: string }): Promise<Assignment> {
  const number = String(id)
  const headers = { 'idempotency-key': idempotencyKey() }
  if (type === 'collection')
    return ask('POST /v1/collections/:collection/assignments', { params: { collection: number }, body, headers })
  if (type === 'dataset')
    return ask('POST /v1/datasets/:dataset/assignments', { params: { dataset: number }, body, headers })
  return ask('POST /v1/files/:file/assignments', { params: { file: number }, body, headers })
}

/** Taken where it was given: a dataset’s list also tells what its collection gives. */
export function takeRole({ id, on }: Assignment): Promise<unknown> {
  const assignment = String(id)
  const number = String(on.id)
  if (on.type === 'collection')
    return ask('DELETE /v1/collections/:collection/assignments/:assignment', {
      params: { collection: number, assignment },
    })
  if (on.type === 'dataset')
    return ask('DELETE /v1/datasets/:dataset/assignments/:assignment', { params: { dataset: number, assignment } })
  return ask('DELETE /v1/files/:file/assignments/:assignment', { params: { file: number, assignment } })
}

/** After any change of roles: who may do what is asked again. */
export const rolesChanged = (): Promise<unknown> =>
  invalidate(
    'GET /v1/collections/:collection/assignments',
    'GET /v1/datasets/:dataset/assignments',
    'GET /v1/files/:file/assignments',
    'GET /v1/collections/:collection/roles',
    'GET /v1/collections/:collection',
    'GET /v1/datasets/:dataset',
  )
