import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askOf, draftOf, emptyDraft, idFrom, missingIn, nextDraft } from './draft.ts'
import type { Subscription } from './subscription.ts'

const account = '0190c1a2-0000-7000-8000-000000000001'
const ask = {
  name: 'Weekly usage to the team',
  description: 'For the meeting.',
  report: 'weekly-usage',
  parameters: { queue: ['gpu'] },
  open_parameters: ['queue'],
  schedule: { frequency: 'weekly', at: '07:00', every: 1, weekdays: ['mon'], time_zone: 'UTC', catch_up: 'once' },
  refresh_first: true,
  recipients: [{ account }, { address: 'bob@example.org', name: 'Bob' }],
  destinations: [
    { type: 'mail' },
    { type: 'webhook', id: 'ci', url: 'https://ci.example.org/hook' },
    { type: 'folder', path: 'monthly/usage' },
  ],
  formats: ['pdf', 'xlsx'],
  in_body: false,
  files: 'linked',
  link_days: 7,
  subject: '{{report}} of {{date}}',
  body: 'Hello',
  rows: 'owner',
  burst: null,
  condition: { only_if_rows: true, threshold: { block: 'jobs', is: 'above', value: 3 } },
  failure_addresses: ['ops@example.org'],
} satisfies ReturnType<typeof askOf>

/** As the server would answer it; what the editor doesn't look at is left out. */
const answered = (asked: ReturnType<typeof askOf>): Subscription =>
  ({
    ...asked,
    id: 'weekly-usage',
    resolved_recipients: [
      { recipient: 'ada', account, address: 'ada@example.org', name: 'Ada', state: 'active', unsubscribed_at: null },
    ],
  }) as unknown as Subscription

test('a subscription that is opened in the editor and saved without a change stays the same', () => {
  assert.deepEqual(askOf(draftOf(answered(ask), 'UTC')), ask)
  const named = {
    ...ask,
    recipients: [],
    burst: { by: 'queue', recipients: [{ recipient: { address: 'a@example.org' }, values: ['gpu', 'cpu'] }] },
  }
  assert.deepEqual(askOf(draftOf(answered(named), 'UTC')), named)
  const read = {
    ...ask,
    recipients: [],
    schedule: null,
    condition: null,
    burst: {
      by: 'queue',
      from: { model: 'people', option_set: 'leads', address: 'id' as const, value: 'label' as const },
    },
  }
  assert.deepEqual(askOf(draftOf(answered(read), 'UTC')), read)
})

test('people are shown by name where only the id of their account is kept', () => {
  const [ada, bob] = draftOf(answered(ask), 'UTC').recipients
  assert.deepEqual([ada?.name, ada?.address, bob?.name], ['Ada', 'ada@example.org', 'Bob'])
})

test('a name makes an id that stands in addresses and permissions', () => {
  assert.equal(idFrom('Weekly usage, by PI'), 'weekly-usage-by-pi')
  assert.equal(idFrom('  Übersicht – März!  '), 'ubersicht-marz')
  assert.equal(idFrom('…'), '')
  assert.ok(idFrom(`${'a'.repeat(63)} b`).length <= 64 && !idFrom(`${'a'.repeat(63)} b`).endsWith('-'))
})

test('the next one keeps the report as it is asked and told, and nobody to send it to', () => {
  const next = nextDraft(draftOf(answered(ask), 'UTC'), 'UTC')
  assert.deepEqual([next.report, next.parameters, next.formats], ['weekly-usage', { queue: ['gpu'] }, ['pdf', 'xlsx']])
  assert.deepEqual([next.id, next.name, next.recipients, next.webhooks], ['', '', [], []])
})

test('a step says what it still wants, and nothing once it has it', () => {
  const draft = emptyDraft('UTC')
  assert.equal(missingIn('report', draft).length, 2)
  assert.deepEqual(missingIn('frequency', draft), [])
  assert.match(missingIn('destinations', draft).join(), /recipient, webhook or folder/)
  const full = draftOf(answered(ask), 'UTC')
  for (const step of ['report', 'frequency', 'destinations', 'review'] as const)
    assert.deepEqual(missingIn(step, full), [], step)
  const parted = { ...full, burst: 'named', burstBy: 'queue' } as const
  assert.match(missingIn('destinations', parted).join(), /every recipient/)
})
