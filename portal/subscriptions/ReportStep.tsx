import { Alert, Fieldset, MultiSelect, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { query } from '#portal/kit/queries.ts'
import { ParameterFields } from '#portal/reports/ParameterFields.tsx'
import type { ParameterValues } from '#portal/reports/report-data.ts'
import { ConditionFields } from './ConditionFields.tsx'
import { idFrom } from './draft.ts'
import type { StepProps } from './step-props.ts'

/** Which report, as it is asked, under which name; and when it is worth sending at all. */
export function ReportStep({ draft, set, report, errors, saved }: StepProps) {
  const { data: list } = useQuery(query('GET /v1/reports', { query: { limit: 200 } }))
  const reports = list?.items.map(({ id, title }) => ({ value: id, label: `${title} (${id})` })) ?? []
  const gone = draft.report !== null && list !== undefined && reports.every(({ value }) => value !== draft.report)
  if (list?.items.length === 0)
    return (
      <EmptyState title="There is no report yet" action={<ButtonLink to="/reports/new">Make one</ButtonLink>}>
        A subscription sends a report; make one first, or have one shared with you.
      </EmptyState>
    )
  const choose = (chosen: string | null) => {
    const title = list?.items.find(({ id }) => id === chosen)?.title
    set({
      report: chosen,
      parameters: {},
      openParameters: [],
      threshold: null,
      ...(draft.name === '' && title && { name: title, ...(!draft.ownId && { id: idFrom(title) }) }),
    })
  }
  return (
    <Stack gap="lg">
      <Select
        label="Report"
        placeholder="Choose a report"
        data={
          gone
            ? [...reports, { value: draft.report as string, label: `${draft.report} (not there any more)` }]
            : reports
        }
        value={draft.report}
        onChange={choose}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No report is called that"
        maw={520}
        required
        error={errors.report}
      />
      {report && report.definition.parameters.length > 0 && (
        <ParameterFields
          parameters={report.definition.parameters}
          values={draft.parameters as ParameterValues}
          days={null}
          change={(parameters) => set({ parameters: { ...parameters } })}
        />
      )}
      {report && report.definition.parameters.length > 0 && (
        <MultiSelect
          label="Parameters that callers may set"
          description="Whoever starts it sends these with other values; the report is still read with your rights."
          data={report.definition.parameters.map(({ name, label }) => ({ value: name, label }))}
          value={[...draft.openParameters]}
          onChange={(openParameters) => set({ openParameters })}
          maw={520}
        />
      )}
      <NameFields draft={draft} set={set} errors={errors} saved={saved} />
      <Fieldset legend="Send it">
        <ConditionFields draft={draft} set={set} report={report} />
        {errors.condition && (
          <Alert color="red" variant="light" mt="sm">
            {errors.condition}
          </Alert>
        )}
      </Fieldset>
    </Stack>
  )
}

function NameFields({ draft, set, errors, saved }: Pick<StepProps, 'draft' | 'set' | 'errors' | 'saved'>) {
  return (
    <Stack gap="sm" maw={520}>
      <TextInput
        label="Name of the subscription"
        value={draft.name}
        onChange={({ currentTarget: { value } }) =>
          set({ name: value, ...(!draft.ownId && !saved && { id: idFrom(value) }) })
        }
        maxLength={120}
        required
        error={errors.name}
      />
      {!saved && (
        <TextInput
          label="Its name in addresses and permissions"
          description="Small letters, digits and hyphens; it never changes."
          value={draft.id}
          onChange={({ currentTarget: { value } }) => set({ id: value, ownId: value !== '' })}
          maxLength={64}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          error={errors.id}
        />
      )}
      <Textarea
        label="Description (optional)"
        value={draft.description}
        onChange={({ currentTarget }) => set({ description: currentTarget.value })}
        maxLength={1000}
        autosize
        minRows={1}
        error={errors.description}
      />
    </Stack>
  )
}
