import { fork } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { getCompileCacheDir } from 'node:module'
import path from 'node:path'
import { BuildRefused } from './build-refused.ts'
import type { BuildNews, BuildOrder, Built } from './build-snapshot.ts'
import type { BuilderMessage } from './build-snapshot-child.ts'

/**
 * Builds a snapshot in a process of its own: the server stays responsive, and neither a crash nor the memory of the
 * engine there touches it. Aborting kills that process; no file is left.
 */
export async function runBuilder(order: BuildOrder, news: BuildNews, signal: AbortSignal): Promise<Built> {
  signal.throwIfAborted()
  const child = fork(new URL('./build-snapshot-child.ts', import.meta.url), {
    execArgv: [],
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000)
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  try {
    return await new Promise<Built>((resolve, reject) => {
      child.on('message', (message: BuilderMessage) => {
        if ('step' in message) news.step(message.step)
        else if ('said' in message) news.say(message.said)
        else if ('built' in message) resolve(message.built)
        else if ('refused' in message) reject(new BuildRefused(message.refused))
        else reject(new Error(message.failed))
      })
      child.once('error', reject)
      child.once('exit', (code, killer) =>
        reject(signal.aborted ? signal.reason : new Error(`the builder ended early (${killer ?? code}): ${complaint}`)),
      )
      child.send(order, (error) => error && reject(error))
    })
  } catch (error) {
    kill()
    for (const file of [order.target, `${order.target}.wal`]) await rm(file, { force: true })
    throw error
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

/** Nothing of ours but where compiled code is kept: the builder needs no secrets, and starts as quickly as we did. */
function environment(): NodeJS.ProcessEnv {
  const kept = getCompileCacheDir()
  // Node names a directory for its own version below the one that it was given.
  return kept === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(kept) }
}
