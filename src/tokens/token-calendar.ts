import ical, { ICalAlarmType, ICalCalendarMethod } from 'ical-generator'
import type { TokenRow } from './store.ts'
import { tokenPage } from './token-page.ts'
import { deadAt } from './token-state.ts'

const minuteMs = 60_000
const daySeconds = 86_400

/** The ends of these tokens as calendar entries: in UTC, with names that stay, so that a calendar moves them instead of doubling. */
export function tokenCalendar(tokens: readonly TokenRow[], site: { address: string; title: string }): string {
  const calendar = ical({
    name: `${site.title}: API tokens`,
    prodId: { company: 'Tessera', product: 'API tokens' },
    method: ICalCalendarMethod.PUBLISH,
    ttl: 6 * 60 * 60,
  })
  for (const token of tokens) {
    const end = deadAt(token)
    const page = tokenPage(token, site.address)
    const event = calendar.createEvent({
      id: `token-${token.id}@${new URL(site.address).hostname}`,
      start: end,
      end: new Date(end.getTime() + 30 * minuteMs),
      stamp: token.created_at,
      summary: `API token “${token.name}” of ${token.account_name} expires`,
      description: `Public id ${token.id}. Rotate or recreate it before, under ${page.name}: ${page.address}`,
      url: page.address,
    })
    for (const days of [14, 1]) event.createAlarm({ type: ICalAlarmType.display, trigger: days * daySeconds })
  }
  return calendar.toString()
}
