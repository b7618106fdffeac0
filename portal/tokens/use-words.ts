import { countedText, countText } from '#portal/kit/figures.ts'

const dayName = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })

/** What a picture of uses per day shows, in words; the last day is today (UTC). */
export function usesWords(uses: readonly number[], today = Date.now()): string {
  const total = uses.reduce((sum, each) => sum + each, 0)
  const inDays = `in the last ${uses.length} days`
  if (total === 0) return `Not used ${inDays}`
  const most = Math.max(...uses)
  const at = today - (uses.length - 1 - uses.lastIndexOf(most)) * 86_400_000
  return `${countedText(total, 'use')} ${inDays}; most on ${dayName.format(at)}: ${countText(most)}`
}

/** `Today`, `Yesterday`, or the day (YYYY-MM-DD in UTC) by its name. */
export function dayWord(day: string, now = Date.now()): string {
  const ago = Math.round((Date.parse(new Date(now).toISOString().slice(0, 10)) - Date.parse(day)) / 86_400_000)
  if (ago === 0) return 'Today'
  return ago === 1 ? 'Yesterday' : dayName.format(Date.parse(day))
}
