import { Alert, Group, Skeleton, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { asProblem } from '#portal/kit/problem.ts'
import { invalidate, query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { ColumnDrawer } from './ColumnDrawer.tsx'
import type { Report } from './definition.ts'
import { countsOf } from './drafts.ts'
import { HistoryDrawer, type HistoryOf } from './HistoryDrawer.tsx'
import { LeaveGuard } from './LeaveGuard.tsx'
import { chosenValue, ParameterFields } from './ParameterFields.tsx'
import { readParameters, writeParameters } from './parameter-words.ts'
import { ReportActs } from './ReportActs.tsx'
import { ReportBlocks } from './ReportBlocks.tsx'
import type { InputState, ReportData } from './report-data.ts'
import { useDrafts } from './use-drafts.ts'
import { useReportData } from './use-report-data.ts'
import { type FileWanted, useReportFile } from './use-report-file.ts'

/** A report, read and filled in. What it was asked for stands in the address. */
export function ReportPage() {
  return (
    <SignedIn>
      <OneReport />
    </SignedIn>
  )
}

function OneReport() {
  const { report: id } = useParams({ from: '/reports/$report' })
  const { data: report } = useSuspenseQuery(query('GET /v1/reports/:report', { params: { report: id } }))
  return <OpenReport key={id} report={report} />
}

function OpenReport({ report }: { report: Report }) {
  const { id, title, description, definition } = report
  const search = useSearch({ from: '/reports/$report' })
  const navigate = useNavigate({ from: '/reports/$report' })
  const { values, ignored } = useMemo(
    () => readParameters(search, definition.parameters),
    [search, definition.parameters],
  )
  const file = useReportFile(report, values)
  const wanted = definition.parameters.filter((one) => one.required && chosenValue(one, values) === null)
  return (
    <Page
      title={title}
      lead={description}
      wide
      actions={<ReportActs report={report} take={file.mutate} isTaking={file.isPending} />}
    >
      {ignored.length > 0 && (
        <Alert
          icon={<IconInfoCircle aria-hidden />}
          color="gray"
          title="Part of the address was left out"
          role="status"
        >
          This report doesn’t know {ignored.join(', ')}.
        </Alert>
      )}
      {wanted.length > 0 ? (
        <>
          <ParameterFields
            parameters={definition.parameters}
            values={values}
            days={null}
            change={(next) =>
              void navigate({ search: writeParameters(next, definition.parameters), resetScroll: false })
            }
          />
          <EmptyState title={`Choose ${wanted.map(({ label }) => label).join(' and ')} first`}>
            The report cannot be read without.
          </EmptyState>
        </>
      ) : (
        <ReadReport
          key={id}
          report={report}
          values={values}
          take={file.mutate}
          change={(next) => void navigate({ search: writeParameters(next, definition.parameters), resetScroll: false })}
        />
      )}
    </Page>
  )
}

interface ReadReportProps {
  readonly report: Report
  readonly values: Parameters<typeof useReportData>[1]
  readonly change: (values: Parameters<typeof useReportData>[1]) => void
  readonly take: (file: FileWanted) => void
}

function ReadReport({ report, values, change, take }: ReadReportProps) {
  const { data, error, isPlaceholderData, refetch } = useReportData(report.id, values)
  const inUse = useDrafts(report.id, values)
  const [history, setHistory] = useState<HistoryOf | null>(null)
  const [columnId, setColumn] = useState<string | null>(null)
  const version = data?.version ?? report.version
  useEffect(() => {
    // Somebody has changed the report meanwhile: what stands around its data follows.
    if (version !== report.version) void invalidate('GET /v1/reports/:report')
  }, [version, report.version])
  const column = columnId === null ? null : columnOf(data, columnId)
  const days = data?.blocks.flatMap((block) => ('period' in block && block.period ? [block.period] : []))[0] ?? null
  return (
    <Stack gap="lg">
      <ParameterFields parameters={report.definition.parameters} values={values} days={days} change={change} />
      {error && !data && <ProblemAlert error={error} retry={() => void refetch()} />}
      {error && data && (
        <Alert color="yellow" icon={<IconInfoCircle aria-hidden />} title="This may be out of date" role="status">
          {asProblem(error).detail ?? asProblem(error).title} What you see is from before; it is asked again by itself.
        </Alert>
      )}
      {!data && !error && <Skeletons />}
      {data && (
        <Stack gap="lg" opacity={isPlaceholderData ? 0.6 : 1} aria-busy={isPlaceholderData}>
          <ReportFacts data={data} report={report} />
          <ReportBlocks
            blocks={data.blocks}
            take={take}
            fill={{
              report: report.id,
              mayInput: data.may_input,
              inUse,
              openHistory: setHistory,
              openColumn: ({ id }: InputState) => setColumn(id),
            }}
          />
        </Stack>
      )}
      <HistoryDrawer report={report.id} of={history} data={data} onClose={() => setHistory(null)} />
      <ColumnDrawer
        report={report}
        column={column}
        data={data}
        onHistory={() => {
          setColumn(null)
          if (column) setHistory({ row: null, column, name: null })
        }}
        onClose={() => setColumn(null)}
      />
      <LeaveGuard
        isDirty={inUse.drafts.size > 0}
        mayGo={countsOf(inUse.drafts).failed + countsOf(inUse.drafts).open === 0}
        title="Leave what isn’t saved?"
      >
        Some cells that you filled in are not saved. When you leave, what you wrote in them is lost.
      </LeaveGuard>
    </Stack>
  )
}

const columnOf = (data: ReportData | undefined, id: string): InputState | null =>
  data?.blocks.flatMap((block) => (block.type === 'table' ? block.inputs : [])).find((input) => input.id === id) ?? null

function ReportFacts({ data, report }: { data: ReportData; report: Report }) {
  const { inputs_changed_at, owner } = report
  return (
    <Group gap={6}>
      <Text size="sm" c="dimmed">
        {data.data_as_of !== null && (
          <>
            Data as of <Time at={data.data_as_of} /> ·{' '}
          </>
        )}
        Version {data.version ?? report.version}
        {owner !== null && ` · of ${owner}`}
        {inputs_changed_at !== null && (
          <>
            {' '}
            · last filled in <Time at={inputs_changed_at} />
          </>
        )}{' '}
        · stays up to date while it is open
      </Text>
    </Group>
  )
}

const Skeletons = () => (
  <Stack gap="lg" aria-busy="true" aria-label="Loading" role="status">
    <Skeleton height={120} />
    <Skeleton height={380} />
    <Skeleton height={260} />
  </Stack>
)
