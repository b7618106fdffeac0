import { Select } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { query } from '#portal/kit/queries.ts'

/** Leads to another model, with a question of its own. */
export function ModelSwitcher({ model }: { model: string }) {
  const { data } = useSuspenseQuery(query('GET /v1/models'))
  const navigate = useNavigate()
  const models = data.models.filter(({ may, name }) => may.query || name === model)
  if (models.length < 2) return null
  return (
    <Select
      aria-label="Model"
      data={models.map(({ name, label }) => ({ value: name, label }))}
      value={model}
      allowDeselect={false}
      onChange={(name) => name !== null && void navigate({ to: '/explore/$model', params: { model: name } })}
      w={200}
    />
  )
}
