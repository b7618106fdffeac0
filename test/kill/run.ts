/**
 * `npm run test:kill [-- --rounds 100] [--seed n]`: kills the server, a subcommand, Postgres or all of them at random
 * moments while tokens are issued and revoked, logs imported and models refreshed, and compares what is left with what
 * was acknowledged.
 */
import { parseArgs } from 'node:util'
import { killTest } from './kill-test.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } })
const rounds = Number(values.rounds ?? 100)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run test:kill -- [--rounds number] [--seed number]')
  process.exit(2)
}
console.log(`kill test, ${rounds} rounds, seed ${seed}`)
const passed = await killTest({ rounds, seed, print: (line) => console.log(line) })
process.exitCode = passed ? 0 : 1
