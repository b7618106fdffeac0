import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, Installation } from './installation.ts'
import { Broken, bookIssued, must } from './ledger.ts'
import { logModel, modelsOfCommands, writeLog } from './sources.ts'
import { expectedOf, pickAlive, type Stage } from './workload.ts'

/** What the command line does in a round. */
export const deeds = ['issue', 'revoke', 'import', 'refresh', 'refresh logs'] as const
export type Deed = (typeof deeds)[number]

/** The run of a lost worker is taken up within a minute; nothing takes longer. */
const patienceMs = 120_000

export interface StartedCommand {
  readonly child: ChildProcess
  /** How long it took in milliseconds, and null where it did not succeed; the ledger has it by then. */
  readonly ended: Promise<number | null>
}

/** Starts a subcommand; the ledger hears of its success when it has ended with 0. */
export async function startCommand(
  installation: Installation,
  stage: Stage,
  deed: Deed,
  round: number,
): Promise<StartedCommand> {
  const began = performance.now()
  const { command, succeeded } = await starters[deed](installation, stage, round)
  const late = sleep(patienceMs, undefined, { ref: false }).then((): never => {
    throw new Broken(`a subcommand (${deed}) does not end`)
  })
  const ended = Promise.race([command.ended, late]).then(({ code, output, complaint }) => {
    if (code !== 0) return null
    succeeded(output, complaint)
    return performance.now() - began
  })
  return { child: command.child, ended }
}

type Starter = (
  installation: Installation,
  stage: Stage,
  round: number,
) => Promise<{ command: Command; succeeded: (output: string, complaint: string) => void }>

const starters: Record<Deed, Starter> = {
  async issue(installation, { ledger }, round) {
    const words = ['--account', 'admin', '--name', `round ${round}`, '--permission', 'warehouse:read', '--json']
    return {
      command: installation.command('token', 'issue', ...words),
      succeeded(output) {
        const { id, secret } = JSON.parse(output) as { id: string; secret: string }
        bookIssued(ledger, id, secret, round)
      },
    }
  },

  async revoke(installation, stage, round) {
    const [id, token] = pickAlive(stage.ledger, stage.random) ?? []
    if (!id || !token) return starters.issue(installation, stage, round)
    token.state = 'asked'
    token.round = round
    return {
      command: installation.command('token', 'revoke', id),
      succeeded() {
        token.state = 'revoked'
        stage.ledger.done.revoked++
      },
    }
  },

  /** One or two logs at once, which must come together. */
  async import(installation, { ledger, random }) {
    const first = Math.max(0, ...ledger.logs.keys()) + 1
    const numbers = random.next() < 0.5 ? [first] : [first, first + 1]
    const files = await Promise.all(numbers.map((log) => writeLog(installation.directory, log)))
    for (const log of numbers) ledger.logs.set(log, false)
    return {
      command: installation.command('import', 'slurm', '--resource', 'anvil', ...files),
      succeeded(_, complaint) {
        // What is no line of the log is about the lines of the file.
        const bad = complaint.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
        must(bad.length === 0, `an import complains: ${bad.join('\n')}`)
        for (const log of numbers) ledger.logs.set(log, true)
        ledger.done.imported += numbers.length
      },
    }
  },

  refresh: (installation, stage) => refresh(installation, stage, stage.random.pick(modelsOfCommands)),
  'refresh logs': (installation, stage) => refresh(installation, stage, logModel),
}

async function refresh(installation: Installation, stage: Stage, model: string) {
  const expected = await expectedOf(stage, model)
  return {
    command: installation.command('model', 'refresh', model),
    succeeded(_: string, complaint: string) {
      // One that was open already may have read its sources before.
      if (!complaint.includes('open already')) expected.confirm()
    },
  }
}
