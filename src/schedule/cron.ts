import { CronExpressionParser } from 'cron-parser'
import { Temporal } from 'temporal-polyfill'

/** The times of day and the days that a cron expression names, apart, so that neither ever meets a time zone. */
export interface Cron {
  /** In minutes after midnight, ascending. */
  readonly clock: readonly number[]
  /** Whether it names every hour of the day. */
  readonly byTheHour: boolean
  /** The days that it names, in order, from `from` until `horizon`. */
  days(from: Temporal.PlainDate, horizon: Temporal.PlainDate): Generator<Temporal.PlainDate>
}

/** Reads five fields; throws an `Error` that says what is wrong with them. */
export function readCron(text: string): Cron {
  const fields = text.trim().split(/\s+/)
  if (fields.length !== 5)
    throw new Error(
      'is not five fields: minute, hour, day of the month, month, day of the week; write e.g. 0 6 * * 1-5',
    )
  // "H" is for spreading by chance; what is due when must be readable.
  const odd = fields.find((field) => !/^([\d*/,\-#?]|L|[A-GI-KM-Z]{3})+$/i.test(field) || /^H/i.test(field))
  if (odd !== undefined) throw new Error(`has "${odd}" in it, which is not understood`)
  const [minute, hour, ...days] = fields
  const { fields: read } = parse(`${minute} ${hour} * * *`)
  // Throws where the days are wrong, too.
  parse(`0 0 ${days.join(' ')}`)
  const minutes = read.minute.values.map(Number)
  const hours = read.hour.values.map(Number)
  return {
    clock: hours.flatMap((at) => minutes.map((past) => at * 60 + past)).sort((a, b) => a - b),
    byTheHour: hours.length === 24,
    *days(from, horizon) {
      const found = parse(`0 0 ${days.join(' ')}`, {
        currentDate: new Date(Date.parse(`${from}T00:00:00Z`) - 1000),
        endDate: new Date(`${horizon}T00:00:00Z`),
      })
      while (found.hasNext()) yield Temporal.PlainDate.from(found.next().toDate().toISOString().split('T')[0] ?? '')
    },
  }
}

function parse(text: string, options: { currentDate?: Date; endDate?: Date } = {}) {
  try {
    return CronExpressionParser.parse(text, { tz: 'UTC', ...options })
  } catch (error) {
    throw new Error(`is not a cron expression: ${error instanceof Error ? error.message : String(error)}`)
  }
}
