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
  const content = ++lastContent
  const asked: Asked = []
  hired.contents.set(content, asked)
  const tell = (order: HashOrder): void => hired.worker.postMessage(order)
  const ask = (order: HashOrder): Promise<Digests | null> => {
    const answer = Promise.withResolvers<Digests | null>()
    if (staff.has(hired)) {
      asked.push(answer)
      tell(order)
    } else answer.reject(new Error('the worker that sums up contents has stopped'))
    return answer.promise
  }
  const drop = (): void => {
    if (!hired.contents.delete(content)) return
    tell({ do: 'drop', content })
    if (hired.contents.size === 0) hired.idle = setTimeout(() => void hired.worker.terminate(), idleMs).unref()
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

function leastBusy(): Staff {
  const [idlest] = [...staff].sort((a, b) => a.contents.size - b.contents.size)
  return idlest && (idlest.contents.size === 0 || staff.size >= most) ? idlest : employ()
}

function employ(): Staff {
  const worker = new Worker(new URL('./hash-worker.ts', import.meta.url))
  const employed: Staff = { worker, contents: new Map(), idle: undefined }
  staff.add(employed)
  // It must not keep a process alive that has nothing else to do.
  worker.unref()
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
    const error = new Error('the worker that sums up contents has stopped', { cause })
    for (const asked of employed.contents.values()) for (const answer of asked) answer.reject(error)
  })
  return employed
}
