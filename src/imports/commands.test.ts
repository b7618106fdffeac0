import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { Command } from 'commander'
import { type ImportBench, importBench, oneCluster, sacctLine } from '#test/imports.ts'
import { importCommands } from './commands.ts'

/** Runs `tessera import …` and answers what it says on both outputs. */
async function tessera(bench: ImportBench, ...args: string[]): Promise<{ out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })]
  const program = new Command().exitOverride()
  importCommands(program, (body) => body(bench), { stdout, stderr } as unknown as NodeJS.Process)
  await program.parseAsync(['import', ...args], { from: 'user' })
  return { out: stdout.read() ?? '', err: stderr.read() ?? '' }
}

test('an import says what became of every line, and which lines were bad where they can be seen', async () => {
  await using bench = await importBench()
  const resources = await bench.write('r.yml', oneCluster)
  assert.equal((await tessera(bench, 'resources', resources)).out, 'anvil\tAnvil (tdc)\t100 nodes, 400 cores, 0 GPUs\n')
  const log = await bench.write('a.log', `${sacctLine()}\nnonsense\n${sacctLine({ jobid: '2', state: 'RUNNING' })}\n`)
  const { out, err } = await tessera(bench, 'slurm', '--resource', 'anvil', log)
  assert.equal(err, `${log}:2: has 1 fields instead of 26\n`)
  assert.equal(
    out,
    '3 lines, 1 job: 1 new, 0 already there\n  1 line could not be used (see above)\n  1 left out: not ended\n' +
      'They show after the next refresh: tessera model refresh jobs\n',
  )
  assert.match((await tessera(bench, 'list')).out, /^\S+\tanvil\t1 job ended 2026-03-02T06:00:00\.000Z to .*a\.log\n$/)
})

test('outcomes are printed as JSON for programs', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const log = await bench.write('a.log', sacctLine())
  const { out } = await tessera(bench, 'slurm', '--json', '--resource', 'anvil', log)
  assert.deepEqual(JSON.parse(out), { lines: 1, jobs: 1, bad: 0, skipped: {}, added: 1, duplicates: 0 })
  const names = await bench.write('names.csv', 'ada,Ada,Lovelace\nx\n')
  assert.deepEqual(JSON.parse((await tessera(bench, 'names', '--json', names)).out), { taken: 1, skipped: 1 })
  const [batch] = JSON.parse((await tessera(bench, 'list', '--json')).out)
  assert.equal(batch.earliest_end, '2026-03-02T06:00:00.000Z')
  const [resource] = JSON.parse((await tessera(bench, 'resources', '--json')).out)
  assert.deepEqual([resource.pi_column, resource.specifications[0].share_percent], ['group', 100])
})
