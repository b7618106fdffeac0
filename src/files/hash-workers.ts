import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Algorithm } from './checksums.ts'
import type { HashNews, HashOrder } from './hash-worker.ts'

export type Digests = ReadonlyMap<string, string>

/** One content at a worker. */
export interface WorkerHash {
  /** Copies the block unless its memory is shared; comes to pass when the worker has seen it. */
  update(block: Uint8Array): Promise<void>
  digest(): Promise<Digests>
  /** Gives the content up: what was asked and is not answered yet fails, and so does everything that is asked from now on. */
  drop(): void
}

/** What a worker was asked for and has not answered yet, in the order in which it was asked. */
type Asked = PromiseWithResolvers<Digests | null>[]

interface Staff {
  readonly worker: Worker
  readonly contents: Map<number, Asked>
  idle: NodeJS.Timeout | undefined
}

const most = Math.max(1, Math.min(4, availableParallelism() - 1))
/** A worker that nobody has needed for so long goes. */
const idleMs = 30_000

const staff = new Set<Staff>()
let lastContent = 0

/** Has a content summed up by the worker that has least to do. */
export function hireHasher(algorithms: readonly Algorithm[]): WorkerHash {
  const hired = leastBusy()
  clearTimeout(hired.idle)
  hired.worker.ref()
  const content = ++lastContent
  const asked: Asked = []
  hired.contents.set(content, asked)
  const tell = (order: HashOrder): void => hired.worker.postMessage(order)
  const ask = (order: HashOrder): Promise<Digests | null> => {
    const answer = Promise.withResolvers<Digests | null>()
    if (!staff.has(hired)) answer.reject(stopped())
    else if (hired.contents.get(content) !== asked) answer.reject(givenUp())
    else {
      asked.push(answer)
      tell(order)
    }
    return answer.promise
  }
  const drop = (): void => {
    if (!hired.contents.delete(content)) return
    tell({ do: 'drop', content })
    for (const answer of asked) answer.reject(givenUp())
    if (hired.contents.size > 0) return
    // It must not keep a process alive that has nothing else to do.
    hired.worker.unref()
    hired.idle = setTimeout(dismiss, idleMs, hired).unref()
  }
  tell({ do: 'open', content, algorithms })
  return {
    async update(block) {
      await ask({ do: 'update', content, block })
    },
    async digest() {
      const digests = await ask({ do: 'digest', content })
      drop()
      return digests ?? new Map()
    },
    drop,
  }
}

/** It takes a moment to go, and must not be hired in it. */
function dismiss(idle: Staff): void {
  staff.delete(idle)
  void idle.worker.terminate()
}

const givenUp = () => new Error('the sums of this content were given up')
const stopped = (cause?: Error) => new Error('the worker that sums up contents has stopped', { cause })

function leastBusy(): Staff {
  const [idlest] = [...staff].sort((a, b) => a.contents.size - b.contents.size)
  return idlest && (idlest.contents.size === 0 || staff.size >= most) ? idlest : employ()
}

function employ(): Staff {
  const worker = new Worker(new URL('./hash-worker.ts', import.meta.url))
  const employed: Staff = { worker, contents: new Map(), idle: undefined }
  staff.add(employed)
  worker.on('message', (news: HashNews) => {
    const answer = employed.contents.get(news.content)?.shift()
    answer?.resolve(news.done === 'digest' ? new Map(news.digests) : null)
  })
  let cause: Error | undefined
  worker.on('error', (error: Error) => {
    cause = error
  })
  worker.on('exit', () => {
    staff.delete(employed)
    const error = stopped(cause)
    for (const asked of employed.contents.values()) for (const answer of asked) answer.reject(error)
  })
  return employed
}
