/**
 * `npm run test:kill [-- --rounds 40] [--deliveries 50] [--deposits 50] [--seed n]`: kills the server, a subcommand, Postgres or all of
 * them at random moments while tokens are issued and revoked, logs imported and models refreshed, and compares what is
 * left with what was acknowledged, then the server while files are uploaded and datasets published; and beside that the
 * server, a worker or all while reports go out to a real SMTP server, and compares what runs say with what has arrived.
 * 0 leaves a part out.
 */
import { parseArgs } from 'node:util'
import { killDeliveries } from './delivery-rounds.ts'
import { killDeposits } from './deposit-rounds.ts'
import { killTest } from './kill-test.ts'

const number = { type: 'string' } as const
const { values } = parseArgs({ options: { rounds: number, deliveries: number, deposits: number, seed: number } })
const rounds = Number(values.rounds ?? 40)
const deliveries = Number(values.deliveries ?? 50)
const deposits = Number(values.deposits ?? 50)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const whole = (count: number): boolean => Number.isSafeInteger(count) && count >= 0
if (![rounds, deliveries, deposits, seed].every(whole)) {
  console.error(
    'usage: npm run test:kill -- [--rounds number] [--deliveries number] [--deposits number] [--seed number]',
  )
  process.exit(2)
}
console.log(`kill test, ${rounds} rounds and ${deliveries} of deliveries, ${deposits} of deposits, seed ${seed}`)

interface Part {
  readonly name: string
  readonly rounds: number
  readonly play: (ask: { rounds: number; seed: number; print: (line: string) => void }) => Promise<boolean>
}

/** One after the other, until one fails. */
async function playInTurn(parts: readonly Part[]): Promise<boolean> {
  for (const { name, rounds, play } of parts)
    if (rounds > 0 && !(await play({ rounds, seed, print: (line) => console.log(`${name}: ${line}`) }))) return false
  return true
}

// Each part spends most of its time waiting for somebody to start: two of them share the cores well.
const passed = await Promise.all([
  playInTurn([
    { name: 'work', rounds, play: killTest },
    { name: 'deposits', rounds: deposits, play: killDeposits },
  ]),
  playInTurn([{ name: 'deliveries', rounds: deliveries, play: killDeliveries }]),
])
process.exitCode = passed.every(Boolean) ? 0 : 1
