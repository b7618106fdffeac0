import type { You } from '#portal/instance/instance.ts'

/** What each role is for, in one sentence. */
export const roleWords: Readonly<Record<You['account']['role'], string>> = {
  viewer: 'Viewer: reads aggregates and reports.',
  member: 'Member: also reads raw rows, fills in reports and deposits datasets.',
  manager: 'Manager: also refreshes models, makes reports and runs subscriptions.',
  admin: 'Administrator: may do everything, for everybody.',
}
