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

/** The day (YYYY-MM-DD, UTC) so many days ago. */
export const dayAgo = (days: number, now = Date.now()): string =>
  new Date(now - days * 86_400_000).toISOString().slice(0, 10)

interface UsesByDay {
  readonly days: readonly { readonly day: string; readonly uses: number }[]
  readonly sources: readonly {
    readonly day: string
    readonly address: string | null
    readonly client: string | null
    readonly uses: number
  }[]
}

/** Who used a token on a day, in a sentence: how often, from which addresses, with which clients. */
export function usesOn(day: string, { days, sources }: UsesByDay, account: string): string {
  const uses = days.find((each) => each.day === day)?.uses ?? 0
  if (uses === 0) return 'Nobody used it.'
  const ofDay = sources.filter((source) => source.day === day).toSorted((a, b) => b.uses - a.uses)
  const from = ofDay.slice(0, 3).map(({ address, client }) => {
    if (address === null) return 'many others'
    return client ? `${address} (${client})` : address
  })
  const others = ofDay.length - from.length
  const places = others > 0 ? [...from, countedText(others, 'other place')] : from
  return `${account}: ${countedText(uses, 'use')}${places.length === 0 ? '' : ` from ${listed(places)}`}.`
}

const listed = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
