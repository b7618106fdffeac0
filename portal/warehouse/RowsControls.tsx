import { Divider, Stack } from '@mantine/core'
import type { RowsQuestion } from './explore-search.ts'
import { FieldSelect } from './FieldSelect.tsx'
import { FilterList } from './FilterList.tsx'
import { PeriodSelect } from './PeriodSelect.tsx'
import type { Model } from './question.ts'

interface RowsControlsProps {
  readonly model: Model
  readonly question: RowsQuestion
  readonly change: (patch: Partial<RowsQuestion>) => void
}

export function RowsControls({ model, question, change }: RowsControlsProps) {
  return (
    <Stack gap="sm" pt={{ base: 'sm', md: 0 }}>
      <FieldSelect
        label="Fields"
        placeholder={question.fields === null ? `All ${model.raw_fields.length}` : ''}
        fields={model.raw_fields}
        chosen={question.fields ?? []}
        most={500}
        change={(fields) => change({ fields: fields.length === 0 ? null : fields })}
      />
      <FilterList model={model} filters={question.filters} change={(filters) => change({ filters })} />
      {model.timed && (
        <>
          <Divider />
          <PeriodSelect days={model.freshness} period={question.period} change={(period) => change({ period })} />
        </>
      )}
    </Stack>
  )
}
