/**
 * `npm run bench [name…]`: runs the benchmarks (all, or those named) and writes bench/results.md.
 * Each file bench/<name>.ts exports `run()`; rows of benchmarks that were not run keep their last result.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import type { BenchRow } from './row.ts'

const here = new URL('./', import.meta.url)
const results = new URL('results.json', here)
const available = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''))
  .sort()
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !available.includes(name))
if (unknown.length > 0) {
  console.error(`No benchmark named ${unknown.join(', ')}. There are: ${available.join(', ')}.`)
  process.exit(2)
}

type Results = Record<string, { measured: string; rows: BenchRow[] }>
const all = readResults()
for (const name of asked.length > 0 ? asked : available) {
  console.log(`\n${name}`)
  const { run } = (await import(`./${name}.bench.ts`)) as { run: () => Promise<BenchRow[]> }
  const rows = await run()
  for (const row of rows)
    console.log(`  ${row.met ? '✓' : '✗'} ${row.name}: ${row.ours} (${row.baseline}), bar ${row.bar}`)
  all[name] = { measured: new Date().toISOString().slice(0, 10), rows }
  writeFileSync(results, `${JSON.stringify(all, null, 2)}\n`)
  writeFileSync(new URL('results.md', here), report(all))
}

function readResults(): Results {
  try {
    return JSON.parse(readFileSync(results, 'utf8')) as Results
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

function report(all: Results): string {
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
  const sections = Object.entries(all).map(([name, { measured, rows }]) =>
    [
      `## ${name} (${measured}; \`npm run bench ${name}\`)\n`,
      '| what | ours | beside it | ratio | bar | met | note |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...rows.map(
        (row) =>
          `| ${row.name} | ${row.ours} | ${row.baseline} | ${row.ratio === null ? '' : row.ratio.toFixed(2)} | ${row.bar} | ${row.met ? 'yes' : '**no**'} | ${row.note ?? ''} |`,
      ),
    ].join('\n'),
  )
  return [
    '# Benchmarks',
    `Ratios against the same work done without us, in the same run. The machines are small and shared (last: ${machine}), so read the ratios, not the absolute figures.`,
    ...sections,
    '',
  ].join('\n\n')
}
