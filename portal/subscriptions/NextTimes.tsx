import { Alert, List, Skeleton, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import { asProblem } from '#portal/kit/problem.ts'
import { ownTimeZone, sameClock, zonedTime } from '#portal/kit/zoned-time.ts'
import type { Schedule } from './schedule-form.ts'

/** The schedule in words and the next times that come of it, asked while somebody types. */
export function NextTimes({ schedule }: { schedule: Schedule | null }) {
  const [asked] = useDebouncedValue(schedule, 250)
  const { data, error, isPending } = useQuery({
    queryKey: ['POST /v1/schedules/preview', asked],
    enabled: asked !== null,
    queryFn: ({ signal }) => ask('POST /v1/schedules/preview', { body: { schedule: asked as never }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  if (schedule === null) return null
  if (error) return <NotYet error={error} />
  if (isPending) return <Skeleton height={120} />
  return (
    <div>
      <Text size="sm" fw={600} aria-live="polite">
        {data.description}
      </Text>
      <TimeList times={data.times.map(({ at }) => at)} zone={schedule.time_zone} />
    </div>
  )
}

/** Times in the schedule's zone and, where its clocks say otherwise, in the reader's. */
export function TimeList({ times, zone }: { times: readonly string[]; zone: string }) {
  const own = ownTimeZone()
  if (times.length === 0)
    return (
      <Text size="sm" c="dimmed">
        It will not be due any more.
      </Text>
    )
  return (
    <List size="sm" aria-label="The next times">
      {times.map((at) => (
        <List.Item key={at}>
          {zonedTime(at, zone)} {zone !== own && <>({zone})</>}
          {!sameClock(at, zone, own) && (
            <Text span size="sm" c="dimmed">
              {' '}
              · {zonedTime(at, own)} for you ({own})
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  )
}

/** What is half typed is complained about calmly. */
function NotYet({ error }: { error: unknown }) {
  const { errors = [], detail, title } = asProblem(error)
  const says = errors.map(({ pointer, detail: each }) => `${pointer?.split('/').at(-1) ?? 'It'} ${each}`)
  return (
    <Alert variant="light" color="orange" title="This schedule does not work yet" role="status">
      {says.length > 0 ? says.join('; ') : (detail ?? title)}.
    </Alert>
  )
}
