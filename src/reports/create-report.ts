import type { Change } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { type CheckNeeds, checkDefinition } from './check-definition.ts'
import type { sharedWith } from './contract.ts'
import type { Definition } from './definition.ts'
import { reportTaken } from './problems.ts'
import { findReport, findTakenIds, insertReport, type ReportRow } from './store.ts'

export interface NewReport {
  readonly id?: string | undefined
  readonly title: string
  readonly description: string
  readonly shared_with: (typeof sharedWith)[number]
  readonly definition: Definition
  readonly note?: string | undefined
}

/** The portal's editor of a new report stands at its address. */
const editorId = 'new'
const taken = { pointer: '#/id', detail: 'is taken' }

/** Makes a report that belongs to the caller. */
export async function createReport(needs: CheckNeeds, change: Change, ask: NewReport): Promise<ReportRow> {
  const { caller } = change.actor
  const { title, description, definition } = ask
  const id = ask.id ?? freeId(title, await findTakenIds(change.tx, idFrom(title)))
  requirePermission(caller, 'reports:write', id)
  if (id === editorId) throw reportTaken({ detail: `The id ${id} is taken by the portal itself.`, errors: [taken] })
  checkDefinition(needs, caller, definition)
  const made = await insertReport(change.tx, {
    id,
    title,
    description,
    definition,
    ownerId: caller.accountId,
    sharedWith: ask.shared_with,
    note: ask.note ?? null,
    now: needs.clock.now(),
  })
  if (!made) throw reportTaken({ detail: `The id ${id} is taken.`, errors: [taken] })
  change.note({
    verb: 'report.created',
    subjectType: 'report',
    subjectId: id,
    detail: { title, shared_with: ask.shared_with, blocks: definition.blocks.length },
  })
  return (await findReport(change.tx, id))!
}

/** A title in the letters of an address; marks fall away, and of a title in other letters nothing may be left. */
export function idFrom(title: string): string {
  const plain = title.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const id = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '')
  return id === '' || id === editorId ? 'report' : id
}

function freeId(title: string, taken: ReadonlySet<string>): string {
  const id = idFrom(title)
  if (!taken.has(id)) return id
  let number = 2
  while (taken.has(`${id}-${number}`)) number++
  return `${id}-${number}`
}
