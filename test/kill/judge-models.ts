import { setTimeout as sleep } from 'node:timers/promises'
import type { Http } from './http.ts'
import { type Ledger, must } from './ledger.ts'
import { jobsPerLog, logModel, numberModels, rowsOf, totalOf } from './sources.ts'

/** What a model says now, or null where it cannot be asked; breaks when the answer mixes snapshots or has half a log. */
export async function answerIsWhole(
  ledger: Ledger,
  ask: Http['ask'],
  model: string,
): Promise<{ generation: number; logs: ReadonlySet<number> } | null> {
  return model === logModel ? logsAreWhole(ask) : generationIsWhole(ledger, ask, model)
}

async function generationIsWhole(ledger: Ledger, ask: Http['ask'], model: string) {
  const path = `/v1/query?model=${model}&metrics=rows,least,most,total`
  const { status, body } = await ask('GET', path)
  if (status !== 200) return null
  const [rows, least, most, total] = (body as { rows: number[][] }).rows[0] as [number, number, number, number]
  const says = JSON.stringify({ model, rows, least, most, total })
  must(least === most && rows === rowsOf(least) && total === totalOf(least), `a mixed or partial answer: ${says}`)
  must(least <= (ledger.written.get(model) ?? 1), `an answer from a generation that was never written: ${says}`)
  return { generation: least, logs: new Set<number>() }
}

async function logsAreWhole(ask: Http['ask']) {
  const path = `/v1/query?model=${logModel}&metrics=rows,different&dimensions=log&limit=100000`
  const { status, body } = await ask('GET', path)
  if (status !== 200) return null
  const { columns, rows } = body as { columns: { role: string; of: string }[]; rows: (string | number)[][] }
  const [id, count, different] = ['log', 'rows', 'different'].map((name) =>
    columns.findIndex(({ role, of }) => of === name && role !== 'label'),
  ) as [number, number, number]
  for (const row of rows)
    must(
      row[count] === jobsPerLog && row[different] === jobsPerLog,
      `the log ${row[id]} shows ${row[count]} jobs (${row[different]} different) in place of ${jobsPerLog}`,
    )
  return { generation: 0, logs: new Set(rows.map((row) => Number(row[id]))) }
}

const patienceMs = 5_000

/** Every model answers, wholly, and with what acknowledged refreshes have brought. */
export async function judgeModels(ledger: Ledger, ask: Http['ask']): Promise<void> {
  for (const model of [...numberModels, logModel]) {
    const least = ledger.leastGeneration.get(model) ?? 0
    for (const until = performance.now() + patienceMs; ; await sleep(100)) {
      const answer = await answerIsWhole(ledger, ask, model)
      const lost =
        answer && [...(model === logModel ? ledger.refreshedLogs : [])].filter((log) => !answer.logs.has(log))
      if (answer && answer.generation >= least && lost?.length === 0) break
      const says = answer ? `generation ${answer.generation} of at least ${least}, without logs [${lost}]` : 'nothing'
      // Other processes' refreshes are seen within a second.
      must(performance.now() < until, `the model ${model} answers with ${says}`)
    }
  }
}
