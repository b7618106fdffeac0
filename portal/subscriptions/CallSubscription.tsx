import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { CallFromElsewhere } from '#portal/tokens/CallFromElsewhere.tsx'
import type { Subscription } from './subscription.ts'

/** How another application starts this subscription without a login. */
export function CallSubscription({ subscription: { id, name } }: { subscription: Subscription }) {
  const { data, error, isPending, refetch } = useQuery(
    query('GET /v1/subscriptions/:subscription/calls', { params: { subscription: id } }),
  )
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (isPending) return <Skeleton height={240} />
  return <CallFromElsewhere what={`start ${name}`} tokenName={`Start ${id}`} calls={data} />
}
