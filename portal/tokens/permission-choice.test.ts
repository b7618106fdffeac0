import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  choiceOf,
  everydayPermissions,
  grantsOf,
  grantWords,
  groupPermissions,
  unfinished,
} from './permission-choice.ts'

const fact = (permission: string, label: string, resource: string | null = 'model', held = true) => ({
  permission,
  label,
  resource,
  held,
})
const items = [
  fact('warehouse:read', 'Read aggregates from the data warehouse'),
  fact('warehouse:raw', 'Read raw rows from the data warehouse', 'model', false),
  fact('models:refresh', 'Refresh a semantic data input model'),
  fact('datasets:write', 'Deposit datasets and files', 'collection'),
  fact('tokens:write', 'Make and manage own API tokens', null),
  fact('some:news', 'What a later version brings', null),
]

test('every permission stands in exactly one group, one that nobody has placed in the last', () => {
  const shown = groupPermissions(items).map((group) => [
    group.title,
    ...group.items.map(({ permission }) => permission),
  ])
  assert.deepEqual(shown, [
    ['Get data out', 'warehouse:read', 'warehouse:raw'],
    ['Set work going', 'models:refresh'],
    ['Put data in', 'datasets:write'],
    ['Administration', 'tokens:write', 'some:news'],
  ])
})

test('the quick token gets every right to data that its maker holds, and none that governs the portal', () => {
  assert.deepEqual(everydayPermissions(items), ['warehouse:read', 'models:refresh', 'datasets:write'])
})

test('a choice and its grants say the same, both ways', () => {
  const choice = { 'warehouse:read': null, 'models:refresh': ['jobs', 'flights'] }
  const grants = ['warehouse:read', 'models:refresh:jobs', 'models:refresh:flights']
  assert.deepEqual(grantsOf(choice), grants)
  assert.deepEqual(choiceOf(grants), choice)
  assert.deepEqual(choiceOf(['models:refresh', 'models:refresh:jobs']), { 'models:refresh': null })
  assert.deepEqual(grantWords(grants, items), [
    'Read aggregates from the data warehouse',
    'Refresh a semantic data input model: jobs, flights',
  ])
})

test('a permission narrowed to nothing is unfinished', () => {
  assert.deepEqual(unfinished({ 'warehouse:read': null, 'models:refresh': [] }), ['models:refresh'])
})
