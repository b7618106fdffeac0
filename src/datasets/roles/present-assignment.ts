import type { AssignmentRow } from './store.ts'

/** How `/v1` shows who has which role on what. */
export function presentAssignment(row: AssignmentRow) {
  const on =
    row.file_id !== null
      ? { type: 'file' as const, id: row.file_id }
      : row.dataset_id !== null
        ? { type: 'dataset' as const, id: row.dataset_id }
        : { type: 'collection' as const, id: row.collection_id! }
  const audience = row.audience === 'signed_in' ? 'Everybody signed in' : 'Everybody'
  return {
    id: row.id,
    role: { id: row.role_id, alias: row.role_alias, name: row.role_name },
    assignee: row.user_name ?? (row.audience === 'signed_in' ? ':signed-in' : ':everybody'),
    display_name: row.user_name === null ? audience : (row.display_name ?? row.user_name),
    on,
    created_at: row.created_at.toISOString(),
  }
}
