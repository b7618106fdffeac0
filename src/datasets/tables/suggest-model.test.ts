import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileText } from '#test/small-model.ts'
import { suggestModel } from './suggest-model.ts'
import type { ColumnType, TableColumn } from './table-facts.ts'

const column = (name: string, type: ColumnType, distinct: number): TableColumn => ({
  name,
  type,
  databaseType: '',
  label: null,
  statistics: { missing: 0, distinct, min: null, max: null, mean: null, deviation: null, quartiles: null, top: [] },
})

test('a suggested model compiles, whatever columns are called', async () => {
  const text = suggestModel({
    pid: 'perma:tessera/ABC234',
    path: 'raw data/2026 – counts.csv',
    title: 'Tide pools: "2026" # one',
    restricted: true,
    rows: 1000,
    columns: [
      column('day', 'date', 300),
      column('Site name', 'text', 12),
      column('site name', 'text', 12),
      column('a "quoted" one', 'number', 900),
      column('wet', 'boolean', 2),
      column('select', 'integer', 5),
      column('row_id', 'integer', 1000),
      column('ünï', 'text', 990),
      column('12', 'time', 20),
      column('', 'text', 1),
    ].filter(({ name }) => name !== ''),
  })
  const model = await compileText(text)
  assert.equal(model.recipe.tables[0]?.kind, 'dataset')
  assert.deepEqual(
    model.recipe.dimensions.map(({ name }) => name),
    ['site_name', 'site_name_2', 'wet', 'select'],
  )
  assert.match(text, /^# Suggested for raw data/)
  assert.match(text, /The file is restricted/)
})
