import { Text } from '@mantine/core'
import { Time } from '#portal/kit/Time.tsx'
import { ownTimeZone, sameClock, zonedTime } from '#portal/kit/zoned-time.ts'

interface NextDueProps {
  readonly at: string | null
  /** The schedule's own zone; null where there is no schedule. */
  readonly zone: string | null
}

/** When it is due next: how soon, on the schedule's clocks, and on the reader's where these say otherwise. */
export function NextDue({ at, zone }: NextDueProps) {
  if (at === null) return <>{zone === null ? 'When asked' : 'Not planned'}</>
  const own = ownTimeZone()
  const of = zone ?? own
  return (
    <>
      <Time at={at} />
      <Text size="sm" c="dimmed">
        {zonedTime(at, of)} ({of})
        {!sameClock(at, of, own) && (
          <>
            <br />
            {zonedTime(at, own)} for you
          </>
        )}
      </Text>
    </>
  )
}
