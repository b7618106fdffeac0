import type { ReportSummary } from './definition.ts'
import type { InputState, ReportData } from './report-data.ts'

export type SharedWith = ReportSummary['shared_with']

export const sharedWords: Readonly<Record<SharedWith, string>> = {
  owner: 'Only its owner',
  viewer: 'Everybody with an account',
  member: 'Members and those above',
  manager: 'Managers and administrators',
  admin: 'Administrators',
}

const roleWords = {
  viewer: 'everybody with an account',
  member: 'members and those above',
  manager: 'managers and administrators',
  admin: 'administrators',
} as const

export const entryWords: Readonly<Record<InputState['entry'], string>> = {
  owner: 'the owner of the report',
  ...roleWords,
}

/** The same where it is chosen. */
export const entryLabels: Readonly<Record<InputState['entry'], string>> = {
  owner: 'Only the owner',
  viewer: 'Everybody',
  member: 'From member up',
  manager: 'From manager up',
  admin: 'Administrators',
}

/** Why one may not fill in a column, in a sentence; null: one may. */
export function lockedWords(column: InputState, { may_input }: Pick<ReportData, 'may_input'>): string | null {
  if (column.may_input) return null
  if (column.locked) return `Locked: ${column.locked_after} was the last day to fill this in.`
  if (!may_input) return 'You may read this report, not fill it in. Ask an administrator for a role with reports:input.'
  return `Only ${entryWords[column.entry]} may fill this in.`
}
