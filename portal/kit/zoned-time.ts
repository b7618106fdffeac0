const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  })
  formats.set(zone, made)
  return made
}

/** A moment on the clocks of a zone: "Mon, 30 Nov 2026, 07:00". */
export const zonedTime = (at: string, zone: string): string => formatOf(zone).format(new Date(at))

/** The zone of whoever looks at the page. */
export const ownTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

/** Whether the clocks of both zones say the same at that moment. */
export const sameClock = (at: string, one: string, other: string): boolean =>
  one === other || zonedTime(at, one) === zonedTime(at, other)

/** All zones there are, as a choice; UTC, which browsers leave out, comes first. */
export const timeZones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]
