import { Alert, Checkbox, Stack } from '@mantine/core'
import { ScheduleFields } from './ScheduleFields.tsx'
import type { StepProps } from './step-props.ts'

/** When it runs, and whether fresh data are fetched before. */
export function FrequencyStep({ draft, set, errors }: StepProps) {
  return (
    <Stack gap="lg">
      <ScheduleFields value={draft.schedule} onChange={(schedule) => set({ schedule })} />
      {errors.schedule && (
        <Alert color="red" variant="light" title="The schedule was refused">
          {errors.schedule}
        </Alert>
      )}
      <Checkbox
        label="Refresh the models behind the report before each run"
        description="The report then waits for their data. It takes the permission to refresh them."
        checked={draft.refreshFirst}
        onChange={({ currentTarget }) => set({ refreshFirst: currentTarget.checked })}
      />
    </Stack>
  )
}
