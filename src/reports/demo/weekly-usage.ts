import type { Change } from '#src/database/change.ts'
import type { CheckNeeds } from '../check-definition.ts'
import { createReport } from '../create-report.ts'
import { Definition, type DefinitionInput } from '../definition.ts'
import { findReport } from '../store.ts'

const id = 'weekly-usage'
const scope = {
  model: 'jobs',
  period: { parameter: 'period' },
  filters: [{ dimension: 'queue', values: { parameter: 'queue' } }],
}

/** What a group used in a week, and on which cost center it is booked: filled in by people, whatever is refreshed. */
const definition: DefinitionInput = {
  parameters: [
    { name: 'period', type: 'period', label: 'Period', default: 'last_7_days' },
    {
      name: 'queue',
      type: 'choice',
      label: 'Queue',
      model: 'jobs',
      dimension: 'queue',
      multiple: true,
      description: 'Only these queues.',
    },
  ],
  blocks: [
    {
      type: 'text',
      id: 'about',
      markdown:
        'What the groups used on the clusters (queues: **{{queue}}**; period: **{{period}}**), and the cost center that each group’s use is booked on.\n\nThe columns on the right of the table are filled in by hand. Cost centers come from the model *Cost centers*: refresh it, and new ones can be chosen.',
    },
    {
      type: 'number',
      id: 'cpu_hours',
      title: 'CPU hours',
      query: { ...scope, metrics: ['total_cpu_hours'] },
      decimals: 0,
      compare: 'previous_period',
    },
    {
      type: 'number',
      id: 'jobs',
      title: 'Jobs ended',
      query: { ...scope, metrics: ['job_count'] },
      compare: 'previous_period',
    },
    {
      type: 'chart',
      id: 'by_day',
      title: 'CPU hours by day and queue',
      chart: 'stacked_bar',
      query: { ...scope, metrics: ['total_cpu_hours'], dimensions: ['queue'], series: true, unit: 'day' },
    },
    {
      type: 'table',
      id: 'groups',
      title: 'Groups',
      query: {
        ...scope,
        metrics: ['total_cpu_hours', 'job_count', 'avg_waitduration_hours'],
        dimensions: ['queue', 'pi'],
        order: [{ by: 'total_cpu_hours', descending: true }],
        limit: 40,
        totals: true,
      },
      columns: [
        { name: 'total_cpu_hours', label: 'CPU hours', decimals: 0, formats: [{ scale: 'data_bar' }] },
        { name: 'job_count', label: 'Jobs' },
        {
          name: 'avg_waitduration_hours',
          label: 'Wait per job',
          decimals: 1,
          formats: [
            { when: '>=', value: 12, colour: 'red', bold: true },
            { when: '>=', value: 4, colour: 'amber' },
          ],
        },
      ],
      inputs: [
        {
          id: 'cost_center',
          type: 'single_select',
          label: 'Cost center',
          description: 'On which the group’s use is booked.',
          required: true,
          options: { model: 'cost_centers', option_set: 'cost_centers', filter_by: 'queue' },
        },
        { id: 'comment', type: 'text', label: 'Comment', max_length: 500 },
        { id: 'checked', type: 'checkbox', label: 'Checked' },
        { id: 'due', type: 'date', label: 'To be settled by' },
      ],
    },
  ],
}

/** Makes the report of the made-up centre, which belongs to nobody and is for everybody. True when it was not there. */
export async function makeWeeklyUsage(needs: CheckNeeds, change: Change): Promise<boolean> {
  if (await findReport(change.tx, id)) return false
  await createReport(needs, change, {
    id,
    title: 'Weekly usage',
    description: 'Use of the clusters by queue and group, with the cost center that it is booked on.',
    shared_with: 'viewer',
    definition: Definition.parse(definition),
  })
  return true
}
