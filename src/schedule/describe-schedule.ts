import { clockTimes } from './clock-times.ts'
import { type Schedule, type WeekdayName, weekdays as week } from './shape.ts'

/** A schedule as one English sentence without its full stop: "Every Monday and Thursday at 08:30 (Europe/Berlin)". */
export function describeSchedule(schedule: Schedule): string {
  const { frequency, time_zone, on, start, end, holidays } = schedule
  const words = [`${whenOf[frequency](schedule)} (${time_zone})`]
  if (on === undefined && start !== undefined) words.push(`from ${dateOf(start)}`)
  if (end !== undefined) words.push(`until ${dateOf(end)}`)
  if (holidays !== undefined) words.push(`except on the days of “${holidays}”`)
  return words.join(', ')
}

const whenOf: Record<Schedule['frequency'], (schedule: Schedule) => string> = {
  once: ({ on = '', at }) => `Once, on ${dateOf(on)} at ${at}`,
  hourly: (schedule) => `${hoursOf(schedule)}${onDays(schedule)}${inMonths(schedule)}`,
  daily: (schedule) =>
    schedule.weekdays && (schedule.every ?? 1) === 1
      ? `Every ${namesOf(schedule.weekdays)}${inMonths(schedule)} at ${schedule.at}`
      : `${each(schedule.every, 'day')}${onDays(schedule)}${inMonths(schedule)} at ${schedule.at}`,
  weekly: (schedule) => {
    const { every = 1, weekdays = [], at } = schedule
    const days = every === 1 ? `Every ${namesOf(weekdays)}` : `${each(every, 'week')} on ${namesOf(weekdays)}`
    return `${days}${inMonths(schedule)} at ${at}`
  },
  monthly: (schedule) => {
    const { every, months, at } = schedule
    const of = months ? `of ${join(months.map(monthName))}` : `of ${each(every, 'month').toLowerCase()}`
    const only = months && (every ?? 1) > 1 ? `, ${each(every, 'month').toLowerCase()}` : ''
    return `On the ${monthDaysOf(schedule)} ${of}${only} at ${at}`
  },
  cron: ({ cron = '' }) => `By the cron expression ${cron.trim().split(/\s+/).join(' ')}`,
}

function hoursOf(schedule: Schedule): string {
  const { every = 1 } = schedule
  const { minutes } = clockTimes(schedule)
  const first = minutes[0] ?? 0
  if (every === 1) return first === 0 ? 'Every hour, on the hour' : `Every hour, ${first} min past`
  return `Every ${every} hours, at ${join(minutes.map(timeOf))}`
}

const each = (every = 1, unit: string): string => (every === 1 ? `Every ${unit}` : `Every ${every} ${unit}s`)

const onDays = ({ weekdays }: Schedule): string => (weekdays ? ` on ${namesOf(weekdays)}` : '')
const inMonths = ({ months }: Schedule): string => (months ? ` in ${join(months.map(monthName))}` : '')

function monthDaysOf({ month_days = [], nth_weekday }: Schedule): string {
  if (nth_weekday) {
    const { nth, weekday } = nth_weekday
    return `${nth === 'last' ? 'last' : ordinal(nth)} ${dayNames[weekday]}`
  }
  const last = month_days.includes('last') ? ['last day'] : []
  const days = month_days.filter((day) => day !== 'last').sort((a, b) => a - b)
  return join([...days.map(ordinal), ...last])
}

/** In the week's order. */
function namesOf(days: readonly WeekdayName[]): string {
  return join(week.filter((day) => days.includes(day)).map((day) => dayNames[day]))
}

const join = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

const dayNames: Record<WeekdayName, string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

const timeOf = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')

function ordinal(day: number): string {
  const teen = day > 10 && day < 14
  return `${day}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`
}

const monthNames = 'January February March April May June July August September October November December'.split(' ')
const monthName = (month: number): string => monthNames[month - 1] ?? ''

function dateOf(day: string): string {
  const [year, month = 1, date] = day.split('-').map(Number)
  return `${date} ${monthName(month)} ${year}`
}
