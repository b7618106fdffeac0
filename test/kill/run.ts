/**
 * `npm run test:kill [-- --rounds 40] [--deliveries 50] [--deposits 50] [--seed n]`: kills the server, a subcommand, Postgres or all of
 * them at random moments while tokens are issued and revoked, logs imported and models refreshed, and compares what is
 * left with what was acknowledged; then the server, a worker or all while reports go out to a real SMTP server, and
 * compares what runs say with what has arrived; then the server while files are uploaded and datasets published. 0 leaves a
 * part out.
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
const print = (line: string): void => console.log(line)
const passed =
  (rounds === 0 || (await killTest({ rounds, seed, print }))) &&
  (deliveries === 0 || (await killDeliveries({ rounds: deliveries, seed, print }))) &&
  (deposits === 0 || (await killDeposits({ rounds: deposits, seed, print })))
process.exitCode = passed ? 0 : 1
