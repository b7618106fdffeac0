import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ImportBench, importBench, oneCluster, sacctLine } from '#test/imports.ts'
import { listImports } from './list-imports.ts'

const filesCount = 12
const perFile = 200

/** Every acknowledged log is there whole, no log is there in part, and no job twice. */
async function checkWhole(bench: ImportBench, acknowledged: ReadonlySet<string>): Promise<void> {
  const jobs = await bench.jobs()
  const byFile = new Map<number, number>()
  for (const job of jobs) {
    const file = Math.floor(Number(job.job_id) / perFile)
    byFile.set(file, (byFile.get(file) ?? 0) + 1)
  }
  for (const [file, count] of byFile) assert.equal(count, perFile, `log ${file} is there in part`)
  for (const file of acknowledged)
    assert.ok(byFile.has(Number(/(\d+)\.log$/.exec(file)?.[1])), `${file} was acknowledged and lost`)
  assert.equal(new Set(jobs.map((job) => job.job_id)).size, jobs.length)
  assert.deepEqual(
    jobs.map((job) => job.job_number),
    jobs.map((_, i) => i + 1),
  )
}

function importInChild(bench: ImportBench, files: readonly string[], acknowledged: Set<string>): ChildProcess {
  const script = join(import.meta.dirname, '../../test/import-in-child.ts')
  const child = spawn(process.execPath, [script, bench.url, bench.importsDirectory, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  child.stdout.on('data', (piece: Buffer) => {
    told += piece.toString()
    for (const line of told.split('\n').slice(0, -1)) if (line !== 'ready') acknowledged.add(line)
  })
  return child
}

test('a process killed in the middle of importing leaves nothing half, and the next import sweeps up', async () => {
  await using bench = await importBench()
  await bench.resources(oneCluster)
  const files: string[] = []
  for (let file = 0; file < filesCount; file++) {
    const log = Array.from({ length: perFile }, (_, i) => sacctLine({ jobid: `${file * perFile + i}` })).join('\n')
    files.push(await bench.write(`${file}.log`, log))
  }
  const acknowledged = new Set<string>()
  for (let round = 0; round < 6; round++) {
    const waiting = files.filter((file) => !acknowledged.has(file))
    const child = importInChild(bench, waiting, acknowledged)
    const ended = once(child, 'close')
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    await sleep(Math.random() * 500)
    child.kill('SIGKILL')
    await ended
    await checkWhole(bench, acknowledged)
  }
  const last = importInChild(bench, files, acknowledged)
  assert.deepEqual(await once(last, 'close'), [0, null])
  await checkWhole(bench, new Set(files))

  await bench.slurm('anvil', files[0] as string)
  const batches = await listImports(bench)
  assert.equal((await readdir(join(bench.importsDirectory, 'jobs'))).length, batches.length, 'unlisted files are swept')
  assert.deepEqual(await readdir(join(bench.importsDirectory, 'staging')), [], 'staging of dead processes is swept')
})
