import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { localCaller } from '#src/access/caller.ts'
import { shippedShelf } from '#test/shipped-models.ts'
import { checkDefinition } from './check-definition.ts'
import { createReport } from './contract.ts'

const root = path.resolve(import.meta.dirname, '../..')
const page = readFileSync(path.join(root, 'docs/how-to/build-a-report.md'), 'utf8')

test('the report of the how-to can be saved over the models that ship', async () => {
  const [, json = ''] = /```json\n(\{\n {2}"id"[\s\S]*?\n)```/.exec(page) ?? []
  const { definition } = createReport.body.parse(JSON.parse(json))
  assert.equal(definition.blocks.length, 5)
  const needs = { shelf: await shippedShelf(), clock: { now: () => new Date() } }
  const caller = localCaller('system', 'test')
  checkDefinition(needs, caller, definition)
  const worse = JSON.parse(json.replace('"job_count"', '"job_cont"'))
  assert.throws(() => checkDefinition(needs, caller, createReport.body.parse(worse).definition), {
    message: 'There is no metric job_cont. Did you mean job_count?',
  })
})
