import { fork } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import path from 'node:path'
import { NotATable, type TableMessage, type TableOrder } from './table-order.ts'

/**
 * Opens a file in a process of its own, which knows nothing of ours: files come from anybody, and whatever they do to the
 * engine, they do it there. Its last word; rejects when it ends without one, refuses the file (`NotATable`) or fails.
 */
export function runTableChild(order: TableOrder, { signal }: { signal: AbortSignal }): Promise<TableMessage> {
  signal.throwIfAborted()
  const child = fork(new URL('./table-child.ts', import.meta.url), {
    execArgv: ['--max-old-space-size=768'],
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000)
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  return new Promise<TableMessage>((resolve, reject) => {
    child.on('message', (message: TableMessage) => {
      if ('refused' in message) reject(new NotATable(message.refused))
      else if ('failed' in message) reject(new Error(message.failed))
      else resolve(message)
    })
    child.once('error', reject)
    child.once('exit', (code, killer) =>
      reject(signal.aborted ? signal.reason : new ChildGone(`${killer ?? code}: ${complaint}`)),
    )
    child.send(order, (error) => error && reject(error))
  }).finally(() => {
    signal.removeEventListener('abort', kill)
  })
}

/** The process ended without a word: out of memory, or worse. */
export class ChildGone extends Error {}

function environment(): NodeJS.ProcessEnv {
  const kept = getCompileCacheDir()
  return kept === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(kept) }
}
