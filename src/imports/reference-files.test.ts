import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ImportBench, importBench, oneCluster, sacctLine } from '#test/imports.ts'
import { importGroupToHierarchy } from './import-group-to-hierarchy.ts'
import { importHierarchy } from './import-hierarchy.ts'
import { importNames } from './import-names.ts'
import type { ImportedTableName } from './imported-tables.ts'
import { openImportedTables } from './open-imported-tables.ts'
import type { ReferenceSummary } from './read-reference-file.ts'

type Act = typeof importNames

const bring = async (bench: ImportBench, act: Act, contents: string): Promise<ReferenceSummary> => {
  const file = await bench.write('reference.csv', contents)
  return bench.change(bench.actor, (change) =>
    act(change, file, (text) => bench.warnings.push(text.replace(file, 'reference.csv'))),
  )
}

/** A reference table as a model would read it. */
async function table(bench: ImportBench, name: ImportedTableName): Promise<Record<string, unknown>[]> {
  const [opened] = await openImportedTables(bench, [name], join(bench.directory, 'scratch'))
  const rows = (await readFile(opened?.files[0] as string, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  for (const row of rows) assert.deepEqual(Object.keys(row), Object.keys(opened?.columns ?? {}), `columns of ${name}`)
  return rows
}

const person = async (bench: ImportBench, username: string) =>
  (await table(bench, 'hpc_people')).find((row) => row.username === username)

test('names are shown as last, first; a last name alone stands alone; who was never named shows the user name', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const log = ['ada', 'bo', 'backup'].map((user, i) => sacctLine({ user, jobid: `${i}` })).join('\n')
  await bench.slurm('anvil', await bench.write('a.log', log))
  const before = await person(bench, 'ada')
  const summary = await bring(
    bench,
    importNames,
    '"ADA","Ada","Lovelace","tdc"\nbackup,,Backup Service\nlab1,,"The, Lab",nowhere\n',
  )
  assert.deepEqual(summary, { taken: 3, skipped: 0 })
  assert.equal((await person(bench, 'ada'))?.name, 'Lovelace, Ada')
  assert.equal((await person(bench, 'ada'))?.person_id, before?.person_id)
  assert.equal((await person(bench, 'bo'))?.name, 'bo')
  assert.equal((await person(bench, 'backup'))?.name, 'Backup Service')
  assert.equal((await person(bench, 'lab1'))?.name, 'The, Lab')

  const organizations = await table(bench, 'hpc_organizations')
  assert.equal(
    (await person(bench, 'ada'))?.organization_id,
    organizations.find((row) => row.abbreviation === 'tdc')?.organization_id,
  )
  assert.equal((await person(bench, 'bo'))?.organization_id, -1)
  assert.equal((await person(bench, 'lab1'))?.organization_id, -1)
  assert.deepEqual(bench.warnings, ['reference.csv: organization "nowhere" is not known; its people count as Unknown'])
})

test('names with another number of fields are left out with a warning, and a name given twice takes the last', async () => {
  await using bench = await importBench()
  const summary = await bring(bench, importNames, 'ada,Ada\nbo,Bo,Old\n\nbo,Bo,New\nx,y,z,a,b\n,,\ncy,"C\ny",Y\n')
  assert.deepEqual(summary, { taken: 2, skipped: 4 })
  assert.equal((await person(bench, 'bo'))?.name, 'New, Bo')
  assert.equal(bench.warnings.length, 4)
  assert.match(bench.warnings[0] ?? '', /^reference\.csv:1: has 2 fields instead of 3 or 4/)
})

const tree = '"soc","Sociology","ses"\n"ses","Social and Economic Science","sbe"\n"sbe","Social Sciences",""\n'

test("a job's place in the hierarchy follows from its group, on all three levels", async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  await bench.slurm('anvil', await bench.write('a.log', sacctLine({ group: 'Lab1' })))
  assert.deepEqual(await bring(bench, importHierarchy, tree), { taken: 3, skipped: 0 })
  assert.deepEqual(await bring(bench, importGroupToHierarchy, '"LAB1","soc"\n'), { taken: 1, skipped: 0 })
  const pi = await person(bench, 'Lab1')
  assert.deepEqual([pi?.bottom, pi?.middle, pi?.top], ['Sociology', 'Social and Economic Science', 'Social Sciences'])
  const user = await person(bench, 'ada')
  assert.deepEqual([user?.bottom, user?.bottom_id, user?.middle, user?.top_id], ['Unknown', -1, 'Unknown', -1])
})

test('a second line for an item replaces its description and parent and keeps its id', async () => {
  await using bench = await importBench()
  await bring(bench, importHierarchy, tree)
  await bring(bench, importGroupToHierarchy, 'lab1,soc')
  await bring(bench, importNames, 'lab1,,Lab')
  const before = await person(bench, 'lab1')
  await bring(bench, importHierarchy, 'hum,Humanities,\nling,Languages,hum\nsoc,Society,ses\nsoc,Society Now,ling\n')
  const after = await person(bench, 'lab1')
  assert.deepEqual([after?.bottom, after?.middle, after?.top], ['Society Now', 'Languages', 'Humanities'])
  assert.equal(after?.bottom_id, before?.bottom_id)
})

test('an item with fewer levels above it stands for the missing ones', async () => {
  await using bench = await importBench()
  await bring(bench, importHierarchy, tree)
  await bring(bench, importNames, 'lab1,,Lab 1\nlab2,,Lab 2')
  await bring(bench, importGroupToHierarchy, 'lab1,ses\nlab2,sbe')
  const levels = async (name: string) => {
    const pi = await person(bench, name)
    return [pi?.bottom, pi?.middle, pi?.top]
  }
  assert.deepEqual(await levels('lab1'), [
    'Social and Economic Science',
    'Social and Economic Science',
    'Social Sciences',
  ])
  assert.deepEqual(await levels('lab2'), ['Social Sciences', 'Social Sciences', 'Social Sciences'])
})

test('groups mapped to unknown items are left out with a warning', async () => {
  await using bench = await importBench()
  await bring(bench, importHierarchy, tree)
  const summary = await bring(bench, importGroupToHierarchy, 'lab1,nothing\nlab3,soc\nlab4\n')
  assert.deepEqual(summary, { taken: 1, skipped: 2 })
  assert.deepEqual(bench.warnings, [
    'reference.csv:1: "nothing" is not an item of the hierarchy; the line is left out',
    'reference.csv:3: has 1 fields instead of 2; the line is left out',
  ])
})

test('a hierarchy that bites its tail is refused whole; what else is odd is told', async () => {
  await using bench = await importBench()
  for (const wrong of ['a,A,b\nb,B,a\n', 'a,A,a\n']) {
    await assert.rejects(bring(bench, importHierarchy, wrong), { code: 'unreadable-import' })
  }
  await bring(bench, importHierarchy, `${tree}deep,Deep,soc\na,A,unborn\n`)
  assert.deepEqual(bench.warnings, [
    'reference.csv: "deep" lies on level 4; only three are shown, from itself up',
    'reference.csv: "a" has the parent "unborn", which is not defined yet',
  ])
})

test('what a resource is and has can be changed, and its id stays', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const [before] = await table(bench, 'hpc_resources')
  await bench.resources(oneCluster.replace('name: Anvil', 'name: Big Anvil').replace('nodes: 100', 'nodes: 200'))
  const [after, ...others] = await table(bench, 'hpc_resources')
  assert.deepEqual({ ...after, name: 'Anvil' }, before)
  assert.equal(after?.name, 'Big Anvil')
  assert.deepEqual(others, [])
  const specifications = await table(bench, 'hpc_resource_specifications')
  assert.deepEqual(
    specifications.map((row) => [row.resource_id, row.valid_from, row.valid_to, row.nodes]),
    [[after?.resource_id, '2020-01-01', null, 200]],
  )
})

test('every mistake in a resources file is told at once, with its line', async () => {
  await using bench = await importBench()
  const wrong = `resources:
  - code: a/b
    name: A
    organization: tdc
    time_zone: Mars/Olympus
    host_filter: "["
    colour: red
    specifications:
      - { valid_from: 2020-01-01, nodes: 1, cores: 1 }
      - { valid_from: 2021-01-01, nodes: -1, cores: 1 }
`
  await assert.rejects(bench.resources(wrong), (error: Error) => {
    for (const part of [/:2: .*code/, /:5: .*time_zone/, /:6: .*host_filter/, /colour/, /:10: .*nodes/])
      assert.match(error.message, part)
    return true
  })
  await assert.rejects(
    bench.resources(oneCluster.replace('cores: 400 }', 'cores: 400 }, { valid_from: 2021-01-01, nodes: 1, cores: 1 }')),
    /same day/,
  )
  await assert.rejects(bench.resources(oneCluster.replace('organization: tdc', 'organization: nobody')), /not known/)
  await assert.rejects(bench.resources('resources: ['), /resources\.yml:\d+: /)
})
