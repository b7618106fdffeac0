import { once } from 'node:events'
import { type Command, InvalidArgumentError } from 'commander'
import type { Database } from '#src/database/change.ts'
import { readCheckpoints } from './checkpoints.ts'
import type { ChainedEvent } from './event.ts'
import { exportEvents, listEvents, readable } from './list-events.ts'
import type { EventFilter } from './store.ts'
import { verifyChain } from './verify-chain.ts'

export interface AuditCommandNeeds {
  readonly db: Database
  readonly checkpointFile: string
}

interface FilterOptions {
  verb?: string
  actor?: string
  token?: string
  subject?: string
  since?: string
  until?: string
}

/** `tessera audit …` */
export function auditCommands(
  program: Command,
  withNeeds: (body: (needs: AuditCommandNeeds) => Promise<void>) => Promise<void>,
  write: (text: string) => Promise<void> = writeOut,
): void {
  const print = (line: string): Promise<void> => write(`${line}\n`)
  const audit = program.command('audit').description('read the audit trail, and prove that nobody edited it')

  audit
    .command('verify')
    .description('check every link of the chain, and the checkpoint file; exit code 1 when something is wrong')
    .option('--json', 'for programs')
    .action(({ json }: { json?: true }) =>
      withNeeds(async ({ db, checkpointFile }) => {
        const report = await verifyChain(db, await readCheckpoints(checkpointFile))
        if (!report.whole) process.exitCode = 1
        if (json) return print(JSON.stringify(report))
        const { last, faults } = report
        const read = `${counted(report.events, 'event')} read, ${counted(report.checkpoints, 'checkpoint')} compared`
        if (report.whole) {
          await print(`The audit trail is whole: ${read}.`)
          return print(`Its last event is ${last.id} with the hash ${last.hash}.`)
        }
        await print(`The audit trail is NOT whole (${read}):`)
        for (const fault of faults) await print(`  ${fault.kind.padEnd(10)} ${fault.says}`)
      }),
    )

  withFilter(audit.command('list').description('show events, newest first'))
    .option('--limit <n>', 'at most so many', whole, 50)
    .option('--json', 'for programs: one JSON object a line')
    .action(({ limit, json, ...options }: FilterOptions & { limit: number; json?: true }) =>
      withNeeds(async (needs) => {
        const events = await listEvents(needs, filterOf(options), { after: null, limit })
        for (const event of events) await print(json ? JSON.stringify(readable(event)) : lineOf(event))
      }),
    )

  withFilter(audit.command('export').description('write events as NDJSON, oldest first')).action(
    (options: FilterOptions) =>
      withNeeds(async (needs) => {
        for await (const lines of exportEvents(needs, filterOf(options))) await write(lines)
      }),
  )
}

const withFilter = (command: Command): Command =>
  command
    .option('--verb <verb>', 'for example token.revoked')
    .option('--actor <account>', 'id or user name of who acted')
    .option('--token <id>', 'public id of the token that acted')
    .option('--subject <id>', 'what was acted on')
    .option('--since <time>', 'ISO 8601', instant)
    .option('--until <time>', 'ISO 8601', instant)

const filterOf = ({ subject, ...same }: FilterOptions): EventFilter => ({ ...same, subjectId: subject })

function lineOf({ at, verb, subject_id, account_name, via, token_id, address, detail }: ChainedEvent): string {
  const who = `${account_name ?? via}${token_id ? ` (token ${token_id})` : ''}${address ? ` from ${address}` : ''}`
  return `${at}  ${verb.padEnd(28)} ${(subject_id ?? '-').padEnd(36)}  ${who}${detail === '{}' ? '' : `  ${detail}`}`
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('must be a number from 1 to 999999')
  return Number(text)
}

const instant = (text: string): string => {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('must be a time in ISO 8601')
  return time.toISOString()
}

/** Waits while the reader of a pipe is slower than we are. */
async function writeOut(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}
