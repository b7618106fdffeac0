import { Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { asProblem } from '#portal/kit/problem.ts'
import type { Definition } from './definition.ts'
import { ParameterFields } from './ParameterFields.tsx'
import { ReportBlocks } from './ReportBlocks.tsx'
import type { ParameterValues } from './report-data.ts'

/** Asks for the report as it is being edited, as soon as nothing was changed for a moment. */
export function usePreview(report: string | null, definition: Definition) {
  const [values, setValues] = useState<ParameterValues>({})
  const known = Object.fromEntries(
    Object.entries(values).filter(([name]) => definition.parameters.some((one) => one.name === name)),
  )
  const body = JSON.stringify({ ...(report !== null && { report }), definition, parameters: known })
  const [settled] = useDebouncedValue(body, 500)
  const query = useQuery({
    queryKey: ['POST /v1/report-previews', settled],
    queryFn: ({ signal }) => ask('POST /v1/report-previews', { body: JSON.parse(settled), signal }),
    placeholderData: keepPreviousData,
    enabled: definition.blocks.length > 0,
    staleTime: 30_000,
    gcTime: 60_000,
  })
  return { ...query, isCurrent: settled === body && !query.isPlaceholderData, values: known, setValues }
}

export type Preview = ReturnType<typeof usePreview>

interface EditorPreviewProps {
  readonly definition: Definition
  readonly preview: Preview
}

/** The report as its readers will see it. While something is wrong, as it was last right. */
export function EditorPreview({ definition, preview }: EditorPreviewProps) {
  const { data, error, isCurrent, values, setValues } = preview
  const days = data?.blocks.flatMap((block) => ('period' in block && block.period ? [block.period] : []))[0] ?? null
  return (
    <Stack gap="md" component="section" aria-label="Preview">
      <Title order={2} size="h4">
        Preview
      </Title>
      <ParameterFields parameters={definition.parameters} values={values} days={days} change={setValues} />
      {error && (
        <Text role="status" c="var(--mantine-color-error)" size="sm">
          {asProblem(error).title}.{' '}
          {data ? 'Below is the report as it was before.' : 'What is wrong stands at the blocks.'}
        </Text>
      )}
      {definition.blocks.length === 0 ? (
        <Text c="dimmed">Add a block to begin with.</Text>
      ) : data ? (
        <div style={{ opacity: isCurrent && !error ? 1 : 0.6 }} aria-busy={!isCurrent && !error}>
          <ReportBlocks blocks={data.blocks} fill={null} />
        </div>
      ) : (
        !error && (
          <Paper withBorder p="md">
            <Skeleton height={260} aria-busy="true" aria-label="Asking" />
          </Paper>
        )
      )}
    </Stack>
  )
}
