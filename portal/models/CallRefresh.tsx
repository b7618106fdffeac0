import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { CallFromElsewhere } from '#portal/tokens/CallFromElsewhere.tsx'
import type { Model } from './model-words.ts'

/** How another application refreshes this model without a login. */
export function CallRefresh({ model: { name, label } }: { model: Model }) {
  const { data, error, isPending, refetch } = useQuery(
    query('GET /v1/models/:model/calls', { params: { model: name } }),
  )
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (isPending) return <Skeleton height={240} />
  return <CallFromElsewhere what={`refresh ${label}`} tokenName={`Refresh ${name}`} calls={data} />
}
