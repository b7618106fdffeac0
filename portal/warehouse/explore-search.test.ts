import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSearch, writeSearch } from '#portal/kit/search.ts'
import { readQuestion, readRowsQuestion, readWords, writeQuestion, writeRowsQuestion } from './explore-search.ts'
import { firstQuestion, periodLabels, type Question, type Scope, unitLabels, viewLabels } from './question.ts'
import { sampleModel as model } from './sample-model.ts'

const names = (fields: readonly { readonly name: string }[]) => fields.map(({ name }) => name)
const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as K[]
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const id = fc.oneof(fc.string(), fc.constantFrom(',', '\\', '\\,', 'a,b 50%', '\\\\', '', ' ', '!:', 'Größe'))
const plain = { noNullPrototype: true }
const scope: fc.Arbitrary<Scope> = fc.record({
  filters: fc.array(
    fc.record(
      {
        dimension: fc.constantFrom(...names(model.dimensions)),
        values: fc.array(id, { minLength: 1, maxLength: 4 }),
        exclude: fc.boolean(),
      },
      plain,
    ),
    { maxLength: 3 },
  ),
  period: fc.oneof(
    fc.constant(null),
    fc.constantFrom(...keysOf(periodLabels)),
    fc.tuple(day, day).map(([a, b]) => (a < b ? { start: a, end: b } : { start: b, end: a })),
  ),
})
const question: fc.Arbitrary<Question> = fc
  .tuple(
    scope,
    fc.record({
      metrics: fc.subarray(names(model.metrics), { minLength: 1 }),
      dimensions: fc.subarray(names(model.dimensions)),
      unit: fc.constantFrom(...keysOf(unitLabels)),
      series: fc.boolean(),
      limit: fc.option(fc.integer({ min: 1, max: 100_000 })),
      others: fc.boolean(),
      view: fc.constantFrom(...keysOf(viewLabels)),
      log: fc.boolean(),
      compare: fc.boolean(),
      descending: fc.boolean(),
    }),
  )
  .map(([rest, { descending, ...ask }]) => ({
    ...rest,
    ...ask,
    others: ask.others && ask.limit !== null,
    view: ask.view === 'line' && !ask.series ? 'bar' : ask.view,
    order: ask.metrics.slice(0, 2).map((by) => ({ by, descending })),
  }))

/** Through the browser's address bar and back. */
const byAddress = (search: Record<string, unknown>) => readWords(readSearch(writeSearch(search)))

test('the address holds the whole question: what is written is read again, with nothing left out', () => {
  fc.assert(
    fc.property(question, (asked) => {
      assert.deepEqual(readQuestion(byAddress(writeQuestion(asked)), model), { read: asked, ignored: [] })
    }),
  )
})

test('so does the address of raw rows', () => {
  const rows = fc.tuple(scope, fc.option(fc.subarray(names(model.raw_fields), { minLength: 1 })))
  fc.assert(
    fc.property(rows, ([rest, fields]) => {
      const asked = { ...rest, fields }
      assert.deepEqual(readRowsQuestion(byAddress(writeRowsQuestion(asked)), model), { read: asked, ignored: [] })
    }),
  )
})

test('any address gives a question that can be asked, and says what it left out', () => {
  fc.assert(
    fc.property(
      fc.webQueryParameters(),
      fc.dictionary(fc.constantFrom('metrics', 'filter', 'limit', 'start', 'end', 'view'), fc.string()),
      (text, known) => {
        const { read } = readQuestion(readWords({ ...readSearch(text), ...known }), model)
        assert.ok(read.metrics.length > 0)
        assert.ok(read.filters.every(({ dimension }) => names(model.dimensions).includes(dimension)))
        assert.deepEqual(readQuestion(byAddress(writeQuestion(read)), model).read, read)
      },
    ),
  )
  const { read, ignored } = readQuestion(
    {
      metrics: 'jobs,nonsense,jobs',
      dimensions: 'nobody',
      filter: ['queue:a', 'who:b', 'no'],
      limit: '0',
      period: 'last_week',
      start: '2026-02-30',
      x: '1',
      order: '-wait,size',
      series: 'yes',
      view: 'line',
    },
    model,
  )
  assert.deepEqual(read.metrics, ['jobs'])
  assert.deepEqual(read.filters, [{ dimension: 'queue', values: ['a'], exclude: false }])
  assert.deepEqual(ignored.toSorted(), [
    'dimensions=nobody',
    'filter=no',
    'filter=who:b',
    'limit=0',
    'metrics=nonsense',
    'order=size',
    'period=last_week',
    'series=yes',
    'start=2026-02-30',
    'view=line',
    'x=1',
  ])
})

test('an address without a question shows the model’s first metric over time', () => {
  assert.deepEqual(readQuestion({}, model), { read: firstQuestion(model), ignored: [] })
})

test('the words are those of the API, so that people can write them', () => {
  const address =
    '?metrics=jobs,wait&dimensions=queue&filter=queue:short,long&filter=user!:ada&period=last_30_days&unit=month&series=true&limit=10&others=true&view=stacked'
  const { read, ignored } = readQuestion(readWords(readSearch(address)), model)
  assert.deepEqual(ignored, [])
  const written = writeSearch(writeQuestion(read))
  assert.equal(written.replace('%21', '!'), address)
})
