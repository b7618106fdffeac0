import { type ChildProcess, fork } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import path from 'node:path'
import { pressBusy, renderFailed } from './problems.ts'

/** What a child says: that it is through with what it was given, and how it went. */
export type ChildMessage<Result> = { readonly memory: number } & (
  | { readonly done: Result }
  | { readonly failed: string; readonly hopeless?: boolean }
)

export interface ChildrenNeeds {
  readonly file: URL
  readonly processes: number
  readonly waiting: number
  readonly milliseconds: number
  /** Bytes that an idle child may hold; one that holds more is let go. */
  readonly memory?: number
  readonly idleMilliseconds?: number
}

export interface Children<Order, Result> {
  /**
   * A child that crashes, hangs or complains gets a second chance with `again`. `hopeless` complaints are thrown at once,
   * as what `refused` makes of them.
   */
  run(order: Order, again: Order, refused: (complaint: string) => Error, signal?: AbortSignal): Promise<Result>
  close(): Promise<void>
}

interface Job<Order, Result> {
  order: Order
  readonly again: Order
  readonly refused: (complaint: string) => Error
  attempt: number
  resolve(result: Result): void
  reject(error: unknown): void
}

/** Processes that do one thing at a time each, kept while there is work; started when they are first needed. */
export function openChildren<Order, Result>(needs: ChildrenNeeds): Children<Order, Result> {
  const { file, processes, waiting, milliseconds, memory = 700_000_000, idleMilliseconds = 300_000 } = needs
  type Work = Job<Order, Result>
  const queue: Work[] = []
  const idle: Worker[] = []
  const all = new Set<Worker>()
  let closed = false

  interface Worker {
    readonly child: ChildProcess
    job: Work | null
    deadline?: NodeJS.Timeout
    leave?: NodeJS.Timeout
    complaint: string
  }

  function start(): Worker {
    const child = fork(file, {
      execArgv: [],
      env: environment(),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    const worker: Worker = { child, job: null, complaint: '' }
    all.add(worker)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      worker.complaint = (worker.complaint + text).slice(-2000)
    })
    child.on('message', (message: ChildMessage<Result>) => finish(worker, message))
    child.once('error', (error) => lost(worker, error.message))
    child.once('exit', (code, killer) => lost(worker, `it ended (${killer ?? code}): ${worker.complaint}`))
    return worker
  }

  function give(worker: Worker, job: Work): void {
    clearTimeout(worker.leave)
    worker.job = job
    hold(worker.child)
    worker.deadline = setTimeout(() => {
      worker.complaint = `it took more than ${milliseconds} ms`
      worker.child.kill('SIGKILL')
    }, milliseconds)
    worker.child.send(job.order as object, (error) => error && lost(worker, error.message))
  }

  function finish(worker: Worker, message: ChildMessage<Result>): void {
    const { job } = worker
    clearTimeout(worker.deadline)
    worker.job = null
    worker.complaint = ''
    if (closed || message.memory > memory) worker.child.kill('SIGKILL')
    else {
      letGo(worker.child)
      idle.push(worker)
      worker.leave = setTimeout(() => worker.child.kill('SIGKILL'), idleMilliseconds).unref()
    }
    if (job) {
      if ('done' in message) job.resolve(message.done)
      else if (message.hopeless) job.reject(job.refused(message.failed))
      else tryAgain(job, message.failed)
    }
    next()
  }

  function lost(worker: Worker, why: string): void {
    if (!all.delete(worker)) return
    clearTimeout(worker.deadline)
    clearTimeout(worker.leave)
    const at = idle.indexOf(worker)
    if (at >= 0) idle.splice(at, 1)
    worker.child.kill('SIGKILL')
    if (worker.job) tryAgain(worker.job, why)
    next()
  }

  function tryAgain(job: Work, why: string): void {
    if (closed || ++job.attempt > 1) {
      job.reject(renderFailed({ cause: new Error(why) }))
      return
    }
    job.order = job.again
    queue.unshift(job)
  }

  function next(): void {
    while (queue.length > 0 && !closed) {
      const worker = idle.pop() ?? (all.size < processes ? start() : null)
      if (!worker) return
      give(worker, queue.shift()!)
    }
  }

  return {
    run(order, again, refused, signal) {
      signal?.throwIfAborted()
      if (closed) throw renderFailed({ detail: 'The server is shutting down.' })
      if (queue.length >= waiting)
        throw pressBusy({ headers: { 'retry-after': '10' }, extensions: { retry_after_seconds: 10 } })
      return new Promise<Result>((resolve, reject) => {
        const end = (): void => signal?.removeEventListener('abort', abort)
        const job: Work = {
          order,
          again,
          refused,
          attempt: 0,
          resolve: (result) => {
            end()
            resolve(result)
          },
          reject: (error) => {
            end()
            reject(error)
          },
        }
        const abort = (): void => {
          const at = queue.indexOf(job)
          if (at >= 0) queue.splice(at, 1)
          // It can't be interrupted but by ending it.
          for (const worker of all)
            if (worker.job === job) {
              worker.job = null
              worker.child.kill('SIGKILL')
            }
          job.reject(signal?.reason)
        }
        signal?.addEventListener('abort', abort, { once: true })
        queue.push(job)
        next()
      })
    },
    async close() {
      closed = true
      for (const job of queue.splice(0)) job.reject(renderFailed({ detail: 'The server is shutting down.' }))
      await Promise.all(
        [...all].map(
          ({ child }) =>
            new Promise<void>((resolve) => {
              if (child.exitCode !== null || child.signalCode !== null) return resolve()
              hold(child)
              child.once('exit', () => resolve())
              child.kill('SIGKILL')
            }),
        ),
      )
    },
  }
}

/** A child at work keeps us alive; one that waits doesn't. */
function hold(child: ChildProcess): void {
  child.ref()
  child.channel?.ref()
}
function letGo(child: ChildProcess): void {
  child.unref()
  child.channel?.unref()
  ;(child.stderr as unknown as { unref?(): void } | null)?.unref?.()
}

/** No secrets: nothing of ours but where compiled code is kept. */
function environment(): NodeJS.ProcessEnv {
  const kept = getCompileCacheDir()
  // Node names a directory for its own version below the one that it was given.
  return kept === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(kept) }
}
