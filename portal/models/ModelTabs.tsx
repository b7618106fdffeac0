import { Stack, Tabs, TextInput, VisuallyHidden } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { countedText } from '#portal/kit/figures.ts'
import { CallRefresh } from './CallRefresh.tsx'
import { Dimensions, Metrics, RawFields } from './Fields.tsx'
import { findFields, type Model } from './model-words.ts'
import { OptionSets } from './OptionSets.tsx'
import { Refreshes } from './Refreshes.tsx'
import { Snapshots } from './Snapshots.tsx'
import type { Refresh } from './use-refresh.ts'

/** The fields of a model, searched across all kinds; and its refreshes, for those who may see them. Kept in the address. */
export function ModelTabs({ model, refresh }: { model: Model; refresh: Refresh }) {
  const { tab = 'metrics', find = '' } = useSearch({ from: '/models/$model' })
  const navigate = useNavigate({ from: '/models/$model' })
  const set = (key: 'tab' | 'find', value: string) =>
    void navigate({
      search: ({ [key]: _, ...rest }) => (value === '' ? rest : { ...rest, [key]: value }),
      replace: true,
      resetScroll: false,
    })
  const metrics = findFields(model.metrics, find)
  const dimensions = findFields(model.dimensions, find)
  const fields = findFields(model.raw_fields, find)
  const label = (word: string, found: number) => `${word} (${found})`
  const tabs = [
    ...(model.metrics.length > 0
      ? [
          { value: 'metrics', label: label('Metrics', metrics.length), panel: <Metrics metrics={metrics} /> },
          {
            value: 'dimensions',
            label: label('Dimensions', dimensions.length),
            panel: <Dimensions dimensions={dimensions} />,
          },
        ]
      : []),
    ...(model.may.raw && model.raw_fields.length > 0
      ? [{ value: 'raw', label: label('Raw fields', fields.length), panel: <RawFields fields={fields} /> }]
      : []),
    ...(model.may.options && model.option_sets.length > 0
      ? [
          {
            value: 'options',
            label: label('Option sets', model.option_sets.length),
            panel: <OptionSets model={model} />,
          },
        ]
      : []),
    ...(model.may.refresh
      ? [
          { value: 'refreshes', label: 'Refreshes', panel: <Refreshes refresh={refresh} /> },
          { value: 'history', label: 'History', panel: <Snapshots model={model} /> },
          { value: 'call', label: 'Call from another application', panel: <CallRefresh model={model} /> },
        ]
      : []),
  ]
  const found = metrics.length + dimensions.length + fields.length
  return (
    <Stack>
      <TextInput
        label="Find a field"
        placeholder="Name, label or description"
        leftSection={<IconSearch size={18} aria-hidden />}
        value={find}
        onChange={({ currentTarget }) => set('find', currentTarget.value)}
        maw={420}
        type="search"
      />
      <VisuallyHidden role="status">{find !== '' && `${countedText(found, 'field')} found`}</VisuallyHidden>
      <Tabs
        value={tabs.some(({ value }) => value === tab) ? tab : (tabs[0]?.value ?? null)}
        onChange={(value) => set('tab', value === null || value === tabs[0]?.value ? '' : value)}
        keepMounted={false}
      >
        <Tabs.List>
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ value, panel }) => (
          <Tabs.Panel key={value} value={value} pt="md">
            {panel}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  )
}
