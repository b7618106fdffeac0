import { NativeSelect, Radio, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Reply } from '#portal/kit/contracts.ts'
import { query } from '#portal/kit/queries.ts'
import type { Draft } from './draft.ts'

interface BurstFieldsProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly report: Reply<'GET /v1/reports/:report'> | undefined
  readonly errors: Readonly<Record<string, string>>
}

/** Whether all get the same report, or each their own part of it. */
export function BurstFields({ draft, set, report, errors }: BurstFieldsProps) {
  const { burst } = draft
  return (
    <Stack gap="sm">
      <Radio.Group
        label="What each recipient gets"
        value={burst}
        onChange={(chosen) => set({ burst: chosen as Draft['burst'] })}
        error={errors.burst}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="none" label="All get the same report" />
          <Radio
            value="named"
            label="Each gets their own rows, as written here"
            description="By values of a dimension that you name for each recipient below."
          />
          <Radio
            value="model"
            label="Each gets their own rows, as a model says"
            description="Recipients and their values are read from an option set at every run."
          />
        </Stack>
      </Radio.Group>
      {burst !== 'none' && <DimensionField draft={draft} set={set} report={report} />}
      {burst === 'model' && <OptionSetFields draft={draft} set={set} />}
      {burst === 'none' && (
        <Radio.Group
          label="Whose rights decide about the rows"
          value={draft.rows}
          onChange={(chosen) => set({ rows: chosen as Draft['rows'] })}
          error={errors.rows}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="owner" label="The owner’s: everybody sees what the owner may see" />
            <Radio value="recipient" label="Each recipient’s own: only for people with an account" />
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  )
}

function DimensionField({ draft, set, report }: Omit<BurstFieldsProps, 'errors'>) {
  const models = [
    ...new Set(report?.definition.blocks.flatMap((block) => ('query' in block ? [block.query.model] : []))),
  ]
  const [model] = models
  const { data } = useQuery({
    ...query('GET /v1/models/:model', { params: { model: model ?? '' } }),
    enabled: model !== undefined,
  })
  const dimensions = data?.dimensions.map(({ name, label }) => ({ value: name, label: `${label} (${name})` })) ?? []
  const unknown = draft.burstBy !== '' && dimensions.every(({ value }) => value !== draft.burstBy)
  return (
    <NativeSelect
      label="Parted by the dimension"
      data={[
        { value: '', label: 'Choose a dimension' },
        ...(unknown ? [{ value: draft.burstBy, label: draft.burstBy }] : []),
        ...dimensions,
      ]}
      value={draft.burstBy}
      onChange={({ currentTarget }) => set({ burstBy: currentTarget.value })}
      maw={420}
      required
    />
  )
}

function OptionSetFields({ draft: { burstFrom }, set }: Pick<BurstFieldsProps, 'draft' | 'set'>) {
  const { data } = useQuery(query('GET /v1/models'))
  const { data: model } = useQuery({
    ...query('GET /v1/models/:model', { params: { model: burstFrom.model } }),
    enabled: burstFrom.model !== '',
  })
  const change = (part: Partial<typeof burstFrom>) => set({ burstFrom: { ...burstFrom, ...part } })
  const sets = model?.option_sets ?? []
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Model"
        data={[
          { value: '', label: 'Choose a model' },
          ...(data?.models.map(({ name, label }) => ({ value: name, label })) ?? []),
        ]}
        value={burstFrom.model}
        onChange={({ currentTarget }) => change({ model: currentTarget.value, option_set: '' })}
        maw={420}
        required
      />
      {burstFrom.model !== '' && sets.length === 0 && (
        <Text size="sm">This model has no option set, so it cannot say who gets what.</Text>
      )}
      {sets.length > 0 && (
        <NativeSelect
          label="Option set"
          data={[
            { value: '', label: 'Choose an option set' },
            ...sets.map(({ name, label }) => ({ value: name, label })),
          ]}
          value={burstFrom.option_set}
          onChange={({ currentTarget }) => change({ option_set: currentTarget.value })}
          maw={420}
          required
        />
      )}
      <Radio.Group
        label="The recipient stands in its"
        value={burstFrom.address}
        onChange={(chosen) =>
          change(chosen === 'id' ? { address: 'id', value: 'label' } : { address: 'label', value: 'id' })
        }
      >
        <Stack gap="xs" mt={6}>
          <Radio value="id" label="id; the label is the value of the dimension" />
          <Radio value="label" label="label; the id is the value of the dimension" />
        </Stack>
      </Radio.Group>
    </Stack>
  )
}
