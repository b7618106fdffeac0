import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { localCaller } from '#src/access/caller.ts'
import { loadModels } from '#src/models/load-models.ts'
import { modelDefaults } from '#src/needs.ts'
import { loadSettings } from '#src/settings/load-settings.ts'
import { checkDefinition } from './check-definition.ts'
import { createReport } from './contract.ts'

const root = path.resolve(import.meta.dirname, '../..')
const page = readFileSync(path.join(root, 'docs/how-to/build-a-report.md'), 'utf8')

test('the report of the how-to can be saved over the models that ship', async () => {
  const [, json = ''] = /```json\n(\{\n {2}"id"[\s\S]*?\n)```/.exec(page) ?? []
  const { definition } = createReport.body.parse(JSON.parse(json))
  assert.equal(definition.blocks.length, 5)
  const { settings } = loadSettings({ root, env: {} })
  const models = await loadModels(path.join(root, 'models'), modelDefaults(settings))
  const shelf = {
    models: models.map(({ name }) => name),
    catalogue: (name: string) => models.find((model) => model.name === name)?.catalogue ?? null,
    take: () => 'none_yet' as const,
  }
  const needs = { shelf, clock: { now: () => new Date() } }
  checkDefinition(needs, localCaller('system', 'test'), definition)
  const worse = JSON.parse(json.replace('"job_count"', '"job_cont"'))
  assert.throws(
    () => checkDefinition(needs, localCaller('system', 'test'), createReport.body.parse(worse).definition),
    {
      message: 'There is no metric job_cont. Did you mean job_count?',
    },
  )
})
