import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, risingSums, seededRandom } from '#src/imports/demo/seeded-random.ts'
import { oneCluster } from '#test/imports.ts'
import { type Deed, deeds, startCommand } from './deeds.ts'
import { type Installation, makeInstallation, processesIn } from './installation.ts'
import { type Judge, openJudge } from './judge.ts'
import { openLedger } from './ledger.ts'
import { logModel, writeLog, writeModels } from './sources.ts'
import { type Stage, startWorkload } from './workload.ts'

export interface KillAsk {
  readonly rounds: number
  readonly seed: number
  readonly print: (line: string) => void
}

const victims = ['server', 'command', 'postgres', 'everything'] as const
type Victim = (typeof victims)[number]
const victimWeights = risingSums([4, 3, 2, 2])

/** One kill after the other; true when everything that was acknowledged is there and nothing is half. */
export async function killTest({ rounds, seed, print }: KillAsk): Promise<boolean> {
  const began = performance.now()
  const random = seededRandom(seed)
  const installation = await makeInstallation()
  const tally = { passed: 0, kills: new Map<Victim, number>(), starts: [] as number[] }
  let judge: Judge | undefined
  try {
    const stage = await setUp(installation, random)
    judge = await openJudge(installation, stage)
    for (let round = 1; round <= rounds; round++) {
      const victim = victims[random.place(victimWeights)]!
      await playRound({ installation, stage, judge, round, victim, tally }).catch((error: unknown) => {
        throw new Error(`round ${round}, where the victim was ${victim}`, { cause: error })
      })
      tally.passed++
      if (round % 10 === 0 || round === rounds) {
        const { issued, revoked, imported, refreshed, read } = stage.ledger.done
        print(
          `  ${round} rounds, ${seconds(began)} s: ${issued} tokens issued, ${revoked} revoked, ${imported} logs imported, ${refreshed} refreshes, ${read} answers`,
        )
      }
    }
    for (const line of await settle(installation, judge)) print(`  ${line}`)
    for (const [what, count] of stage.unjustified) print(`  answered with 500: ${what}, ${count} times`)
    if (stage.unjustified.size > 0) throw new Error('requests were answered with 500')
    for (const [says, count] of counted(installation.errors)) print(`  logged ${count} times: ${says}`)
  } catch (error) {
    print(told(error))
    print(`✖ ${tally.passed} rounds passed, 1 failed, seed ${seed}`)
    for (const line of installation.errors.slice(-5)) print(`  ${line.slice(0, 1000)}`)
    return false
  } finally {
    judge?.close()
    await installation.remove()
  }
  const kills = victims.map((victim) => `${tally.kills.get(victim) ?? 0} × ${victim}`).join(', ')
  const starts = tally.starts.sort((a, b) => a - b)
  print(`  killed: ${kills}; ready again after ${Math.round(starts[starts.length >> 1] ?? 0)} ms (median)`)
  print(`✔ ${tally.passed} rounds passed, 0 failed, ${seconds(began)} s`)
  return true
}

/** A first start, a cluster to import logs of, and the tokens that do the work. */
async function setUp(installation: Installation, random: Random): Promise<Stage> {
  await writeModels(installation.models)
  await installation.start()
  const resources = path.join(installation.directory, 'resources.yml')
  await writeFile(resources, oneCluster)
  await mustSucceed(installation, 'import', 'resources', resources)
  const issue = async (name: string, ...permissions: string[]): Promise<{ id: string; secret: string }> => {
    const words = ['--account', 'admin', '--name', name, '--days', '300', '--json', '--permission', ...permissions]
    return JSON.parse(await mustSucceed(installation, 'token', 'issue', ...words)) as { id: string; secret: string }
  }
  const issuers: string[] = []
  for (const name of ['one', 'two', 'three', 'four'])
    issuers.push((await issue(name, 'tokens:write', 'warehouse:read', 'models:refresh', 'runs:read')).secret)
  return {
    ledger: openLedger(),
    random,
    address: installation.address,
    models: installation.models,
    issuers,
    counted: await issue('counted', 'warehouse:read'),
    unjustified: new Map(),
  }
}

async function mustSucceed(installation: Installation, ...words: string[]): Promise<string> {
  const { code, output, complaint } = await installation.command(...words).ended
  if (code !== 0) throw new Error(`tessera ${words.join(' ')} ended with ${code}: ${complaint}`)
  return output
}

interface Round {
  readonly installation: Installation
  readonly stage: Stage
  readonly judge: Judge
  readonly round: number
  readonly victim: Victim
  readonly tally: { readonly kills: Map<Victim, number>; readonly starts: number[] }
}

async function playRound({ installation, stage, judge, round, victim, tally }: Round): Promise<void> {
  const { random } = stage
  const deed = deeds[random.place(deedWeights)] as Deed
  const command = await startCommand(installation, stage, deed, round)
  const workload = startWorkload(stage, round)
  // A subcommand takes longer than a request: killed anywhere in its usual length, it is hit at work.
  const usual = usualMs.get(deed) ?? idleMs
  // On a machine that is slow today as much happens in a round as on a quick one.
  const pace = Math.min(10, Math.max(1, usual / idleMs))
  const aim = victim === 'command' ? usual * (0.3 + 0.8 * random.next()) : 0
  await sleep(Math.max(random.whole(50, 1500) * pace, aim))
  const killedAt = performance.now()
  const killed: Promise<void>[] = []
  if (victim === 'server' || victim === 'everything') killed.push(installation.killServer())
  if (victim === 'command' || victim === 'everything') command.child.kill('SIGKILL')
  if (victim === 'postgres' || victim === 'everything') killed.push(installation.killPostgres())
  tally.kills.set(victim, (tally.kills.get(victim) ?? 0) + 1)
  await Promise.all(killed)
  if (victim === 'postgres') await sleep(300)
  await workload.stop()
  const took = await command.ended
  if (took !== null) usualMs.set(deed, 0.5 * usual + 0.5 * took)
  if (!installation.serving()) tally.starts.push(await installation.start())
  await judge.round(round, victim === 'server' || victim === 'everything' ? killedAt : null)
}

const deedWeights = risingSums(
  deeds.map((deed) => ({ issue: 2, revoke: 2, import: 4, refresh: 4, 'refresh logs': 2 })[deed]),
)
/** How long a subcommand takes on an idle machine with two cores, and on this one today. */
const idleMs = 1500
const usualMs = new Map<Deed, number>()

/** Waits for runs to end, then collects as daily work would, stops cleanly and looks for what is left. */
async function settle(installation: Installation, judge: Judge): Promise<string[]> {
  const runs = await judge.runsEnd()
  // Stopped and started, so that no file is spared because its maker lives.
  await installation.stop()
  await installation.start()
  const lastLog = await writeLog(installation.directory, 0)
  await mustSucceed(installation, 'import', 'slurm', '--resource', 'anvil', lastLog)
  await mustSucceed(installation, 'model', 'refresh', logModel)
  const lines = [runs, ...(await judge.end())]
  lines.push((await mustSucceed(installation, 'audit', 'verify')).split('\n')[0] ?? '')
  const code = await installation.stop()
  if (code !== 0) throw new Error(`told to stop, the server ended with ${code}`)
  const left = await processesIn(installation.directory)
  if (left.length > 0) throw new Error(`processes are left: ${left}`)
  return lines
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(0)

/** What the server's log says of errors, in few words. */
function counted(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } }
    // Which of the many workers it was says nothing.
    const why = err?.message?.split('\n')[0]?.replace(/ \(Queue: .*\)$/, '')
    const says = `${msg}: ${why}`
    counts.set(says, (counts.get(says) ?? 0) + 1)
  }
  return counts
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause ? `${error.message}: ${told(error.cause)}` : (error.stack ?? error.message)
}
