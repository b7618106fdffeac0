import { type ChildProcess, fork } from 'node:child_process'
import { Agent, request } from 'node:http'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientConfig } from 'pg'
import type { Caller } from '#src/access/caller.ts'
import { disableAccount } from '#src/accounts/disable-account.ts'
import { narrowToken } from '#src/tokens/narrow-token.ts'
import { revokeToken } from '#src/tokens/revoke-token.ts'
import { operator } from '#test/accounts.ts'
import { type DatabaseProxy, databaseProxy } from '#test/database-proxy.ts'
import { testDatabase } from '#test/postgres.ts'
import { signedIn, tokensOver } from '#test/tokens.ts'

/*
 * The proof that no process outlives a revocation. Three processes verify tokens over HTTP under constant load. One is
 * stopped with SIGSTOP again and again, one is cut off from the database again and again. Tokens are revoked, narrowed, and
 * stopped with their accounts, here and by the command line's own code in another process. Every request is noted with when
 * it began, every revocation with when it returned: not one request that began after the return may be accepted.
 */

export interface ProofAsk {
  readonly revocations: number
  /** How often one process is stopped and one cut off, each time for `troubleMs`. */
  readonly troubles: number
  readonly troubleMs: number
  readonly print: (line: string) => void
}

export interface Proof {
  readonly revocations: number
  /** Requests that began after the return of what should have stopped them, and were accepted all the same. */
  readonly outlived: number
  readonly requests: number
  readonly accepted: number
  readonly refused: number
  readonly unavailable: number
  /** Requests whose connection broke before an answer. */
  readonly broken: number
  /** Milliseconds until a revocation returned. */
  readonly p50: number
  readonly p99: number
  readonly slowest: number
}

type Kind = 'revoke' | 'narrow' | 'disable' | 'command'

interface Target {
  readonly kind: Kind
  readonly id: string
  readonly secret: string
  readonly owner: Caller
  returnedAt: number
}

const taken = 'models:refresh'

export async function proveRevocation(ask: ProofAsk): Promise<Proof> {
  const database = await testDatabase({ poolSize: 12 })
  const house = await tokensOver(database)
  const proxy = await databaseProxy(database.connection)
  const processes = await Promise.all(
    [database.connection, database.connection, proxy.connection].map((connection) =>
      verifying(connection, house.pepperFile),
    ),
  )
  const command = await revoking(database.connection, house.pepperFile)
  try {
    return await prove(ask, { house, proxy, processes, command })
  } finally {
    for (const { child } of processes) {
      child.kill('SIGCONT')
      child.kill('SIGKILL')
    }
    command.child.kill('SIGKILL')
    await proxy.close()
    await house.close()
    await database.close()
  }
}

interface Stage {
  readonly house: Awaited<ReturnType<typeof tokensOver>>
  readonly proxy: DatabaseProxy
  readonly processes: readonly Verifying[]
  readonly command: Revoking
}

async function prove(ask: ProofAsk, { house, proxy, processes, command }: Stage): Promise<Proof> {
  const targets = await makeTargets(house, ask.revocations)
  const tally = { requests: 0, accepted: 0, refused: 0, unavailable: 0, broken: 0, outlived: 0 }
  const took: number[] = []
  const pending = new Set<Promise<void>>()
  let done = false

  /** Shows a token to a process and judges the answer. */
  const show = async (process: Verifying, target: Target): Promise<void> => {
    const began = performance.now()
    const { status, grants } = await process.show(target.secret)
    tally.requests++
    if (status === 0) tally.broken++
    else if (status === 503) tally.unavailable++
    else if (status === 401) tally.refused++
    else tally.accepted++
    const holds = target.kind === 'narrow' ? grants.includes(taken) : status === 200
    if (holds && began > target.returnedAt) {
      tally.outlived++
      ask.print(`outlived: ${target.kind} returned at ${target.returnedAt}, the request began at ${began}`)
    }
  }
  const showSoon = (process: Verifying, target: Target): void => {
    const shown = show(process, target).finally(() => pending.delete(shown))
    pending.add(shown)
  }

  let next = 0
  const load = async (process: Verifying): Promise<void> => {
    while (!done) {
      // Around the tokens that are being revoked now: some before, some after.
      const near = Math.min(targets.length - 1, Math.max(0, next - 10 + Math.floor(Math.random() * 30)))
      await show(process, targets[near]!)
      await sleep(1)
    }
  }

  const stop = async (target: Target): Promise<void> => {
    // Seen by every process, so that each remembers it. A process that is stopped answers later.
    await Promise.race([Promise.all(processes.map((process) => show(process, target))), sleep(150)])
    const began = performance.now()
    await stopped(house, command, target)
    target.returnedAt = performance.now()
    took.push(target.returnedAt - began)
    for (const process of processes) showSoon(process, target)
  }
  const stopper = async (): Promise<void> => {
    for (let i = next++; i < targets.length; i = next++) await stop(targets[i]!)
  }

  const loads = processes.flatMap((process) => [load(process), load(process)])
  const troubles = makeTrouble(ask, { stopped: processes[1]!, proxy, progress: () => next / targets.length })
  await Promise.all(Array.from({ length: 8 }, stopper))
  await troubles
  done = true
  await Promise.all([...loads, ...pending])
  // Long after: what was stopped stays stopped.
  for (const process of processes) await Promise.all(targets.slice(-200).map((target) => show(process, target)))

  took.sort((a, b) => a - b)
  const at = (share: number) => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))]!)
  return { revocations: took.length, ...tally, p50: at(0.5), p99: at(0.99), slowest: at(1) }
}

async function stopped(house: Stage['house'], command: Revoking, { kind, id, owner }: Target): Promise<void> {
  if (kind === 'command') await command.revoke(id)
  else if (kind === 'revoke') await house.change(owner, (change) => revokeToken(house.needs, change, { id }))
  else if (kind === 'narrow')
    await house.change(owner, (change) => narrowToken(house.needs, change, { id, permissions: ['warehouse:read'] }))
  else await house.change(operator, (change) => disableAccount(house.accounts, change, owner.accountId!))
}

/** Stops one process and cuts another off, in turns, spread over the run. */
async function makeTrouble(
  { troubles, troubleMs }: ProofAsk,
  { stopped, proxy, progress }: { stopped: Verifying; proxy: DatabaseProxy; progress: () => number },
): Promise<void> {
  for (let i = 0; i < troubles; i++) {
    while (progress() < (i + 0.5) / troubles && progress() < 1) await sleep(20)
    stopped.child.kill('SIGSTOP')
    await sleep(troubleMs / 2)
    proxy.block()
    await sleep(troubleMs / 2)
    stopped.child.kill('SIGCONT')
    await sleep(troubleMs / 2)
    if (i % 2 === 0) proxy.cut()
    proxy.unblock()
  }
}

async function makeTargets(house: Stage['house'], count: number): Promise<Target[]> {
  const owner = signedIn(await house.person('owner', 'manager'))
  const targets: Target[] = []
  for (let from = 0; from < count; from += 200) {
    const kinds = Array.from({ length: Math.min(200, count - from) }, (_, i) => kindOf(from + i))
    const owners = []
    for (const kind of kinds)
      owners.push(
        kind === 'disable' ? signedIn(await house.person(`holder${targets.length + owners.length}`, 'manager')) : owner,
      )
    for (const [i, kind] of kinds.entries()) {
      const { token, secret } = await house.issue(owners[i]!, ['warehouse:read', taken])
      targets.push({ kind, id: token.id, secret, owner: owners[i]!, returnedAt: Number.POSITIVE_INFINITY })
    }
  }
  return targets
}

const kindOf = (i: number): Kind =>
  i % 20 === 7 ? 'narrow' : i % 20 === 13 ? 'disable' : i % 4 === 2 ? 'command' : 'revoke'

interface Verifying {
  readonly child: ChildProcess
  show(secret: string): Promise<{ status: number; grants: string[] }>
}

async function verifying(connection: ClientConfig, pepperFile: string): Promise<Verifying> {
  const child = forkWith('verify-in-child.ts', connection, pepperFile)
  const { port } = await message<{ port: number }>(child)
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    child,
    show: (secret) =>
      new Promise((resolve) => {
        const headers = { authorization: `Bearer ${secret}` }
        const ask = request({ host: '127.0.0.1', port, agent, headers }, (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            text += part
          })
          response.on('end', () => resolve({ status: response.statusCode ?? 0, grants: text.split(' ') }))
        })
        // No answer is no acceptance; it is counted.
        ask.on('error', () => resolve({ status: 0, grants: [] }))
        ask.end()
      }),
  }
}

interface Revoking {
  readonly child: ChildProcess
  revoke(id: string): Promise<void>
}

async function revoking(connection: ClientConfig, pepperFile: string): Promise<Revoking> {
  const child = forkWith('revoke-in-child.ts', connection, pepperFile)
  await message(child)
  const waiting = new Map<string, () => void>()
  child.on('message', ({ revoked }: { revoked: string }) => {
    waiting.get(revoked)?.()
    waiting.delete(revoked)
  })
  return {
    child,
    revoke: (id) =>
      new Promise((resolve) => {
        waiting.set(id, resolve)
        child.send(id)
      }),
  }
}

/** The connection without what cannot be written down. */
function forkWith(
  file: string,
  { host, port, user, password, database }: ClientConfig,
  pepperFile: string,
): ChildProcess {
  const connection = JSON.stringify({ host, port, user, password, database })
  return fork(path.join(import.meta.dirname, file), [connection, pepperFile], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

const message = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once('message', (told) => resolve(told as T))
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)))
  })
