import type { Upload } from 'tus-js-client'
import { ask, expectedAccount, sessionEnded } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { asProblem, type ProblemDocument } from '#portal/kit/problem.ts'
import { createStore } from '#portal/kit/store.ts'
import type { PickedFile } from './dropped-files.ts'
import { filesChanged } from './repository.ts'
import {
  changed,
  chosen,
  keyOfChosen,
  nextToSend,
  type Placement,
  revived,
  type UploadItem,
  type UploadItems,
  without,
} from './upload-items.ts'

/** As many as a browser sends side by side without one slowing the other down. */
const mostAtOnce = 3
/** As many as the server takes in together; each takes a moment, and what is in can be seen. */
const mostInOneGo = 100
/** Up to so many bytes it is quicker to send a file again than to ask where it stopped. */
const oneRequest = 2 ** 18
/** How soon what could not be sent is tried again by itself. */
const againMs = 5000

export type FileWarning = Reply<'POST /v1/datasets/:dataset/files'>['warnings'][number]

export interface Queue {
  readonly dataset: string
  readonly items: { get(): UploadItems; use(): UploadItems }
  readonly warnings: {
    get(): readonly FileWarning[]
    use(): readonly FileWarning[]
    set(value: readonly FileWarning[]): void
  }
  add(files: readonly (PickedFile & Placement)[]): void
  pause(keys: readonly string[]): void
  resume(keys: readonly string[]): void
  /** Stops it and forgets it, here and at the server. */
  drop(keys: readonly string[]): void
  /** Takes what is done off the list. */
  clear(): void
}

const queues = new Map<string, Queue>()

const unfinished: readonly UploadItem['state'][] = ['waiting', 'sending', 'sent', 'adding', 'failed']

/** How many files are on their way into a dataset. */
export const uploadsInto = (dataset: string): number =>
  [...queues.values()]
    .filter((queue) => queue.dataset === dataset)
    .reduce(
      (sum, { items }) => sum + [...items.get().values()].filter(({ state }) => unfinished.includes(state)).length,
      0,
    )

/**
 * What is on its way into a dataset, in the name of one account. It goes on while its person looks at other pages, and is
 * kept in this browser: loaded anew, the page knows what is missing, and a file that is given again goes on where it stopped.
 */
export function queueOf(account: string, dataset: string): Queue {
  const key = `tessera uploads ${account} ${dataset}`
  const queue = queues.get(key) ?? openQueue(key, dataset)
  queues.set(key, queue)
  return queue
}

function openQueue(kept: string, dataset: string): Queue {
  const items = createStore<UploadItems>(revived(read(kept)))
  const warnings = createStore<readonly FileWarning[]>([])
  const files = new Map<string, File>()
  const running = new Map<string, Upload>()
  let isAdding = false
  let timer: ReturnType<typeof setTimeout> | undefined

  let keeping: ReturnType<typeof setTimeout> | undefined
  const keep = () => {
    clearTimeout(keeping)
    keeping = undefined
    write(kept, items.get())
  }
  // Of ten thousand files, not each has all written anew.
  const keepSoon = () => {
    keeping ??= setTimeout(keep, 300)
  }

  const set = (next: UploadItems) => {
    items.set(next)
    keepSoon()
    if (timer === undefined && [...next.values()].some(({ state }) => state === 'failed'))
      timer = setTimeout(() => {
        timer = undefined
        retryFailed()
      }, againMs)
  }
  const change = (key: string, what: Partial<UploadItem>) => set(changed(items.get(), key, what))
  const retryFailed = () => {
    let next = items.get()
    for (const { key, state, upload } of next.values())
      if (state === 'failed') next = changed(next, key, { state: upload === null ? 'waiting' : 'sent' })
    set(next)
    go()
  }
  const go = () => {
    for (const item of nextToSend(items.get(), mostAtOnce)) {
      const file = files.get(item.key)
      if (!file) {
        change(item.key, { state: 'lost' })
        continue
      }
      change(item.key, { state: 'sending', complaint: null })
      void send(item, file)
    }
    void addSent()
  }

  const send = async (item: UploadItem, file: File): Promise<void> => {
    const { key } = item
    try {
      const { Upload } = await import('tus-js-client')
      // Meanwhile it was stopped.
      if (items.get().get(key)?.state !== 'sending') return
      const upload = new Upload(file, {
        endpoint: `/v1/datasets/${encodeURIComponent(dataset)}/uploads`,
        headers: expectedAccount() as Record<string, string>,
        metadata: { filename: item.name, filetype: file.type },
        fingerprint: async () => `${kept} ${key}`,
        removeFingerprintOnSuccess: true,
        // A small file is one request. A large one needs its address first: only what has one can go on.
        uploadDataDuringCreation: file.size <= oneRequest,
        retryDelays: [300, 1000, 3000],
        // 409: the server has more or less of it than was thought; it is asked how much.
        onShouldRetry: ({ originalResponse }) =>
          isPassing(originalResponse?.getStatus() ?? 0) || originalResponse?.getStatus() === 409,
        onProgress: (sent) => {
          if (running.get(key) === upload) items.set(changed(items.get(), key, { sent }))
        },
        onSuccess: () => {
          running.delete(key)
          files.delete(key)
          change(key, { state: 'sent', sent: file.size, upload: uploadIdOf(upload.url), complaint: null })
          go()
        },
        onError: (error) => {
          if (running.get(key) !== upload) return
          running.delete(key)
          void fail(key, error)
        },
      })
      running.set(key, upload)
      const [previous] = await upload.findPreviousUploads()
      if (previous) upload.resumeFromPreviousUpload(previous)
      if (running.get(key) === upload) upload.start()
    } catch (error) {
      running.delete(key)
      await fail(key, error)
    }
  }

  const fail = async (key: string, error: unknown): Promise<void> => {
    const problem = problemIn(error)
    if (problem.status === 401 && (await sessionEnded())) return again(key)
    change(key, {
      state: isPassing(problem.status) || problem.status === 401 ? 'failed' : 'refused',
      complaint: sentence(problem),
    })
    go()
  }
  const again = (key: string) => {
    change(key, { state: 'waiting' })
    go()
  }

  /** Makes files of what has been sent; one request after the other, so that none meets itself. */
  const addSent = async (): Promise<void> => {
    if (isAdding) return
    isAdding = true
    try {
      for (;;) {
        const sent = [...items.get().values()].filter(({ state }) => state === 'sent')
        // A ZIP that is taken apart is a step of its own: it may be many files.
        const plain = sent.filter(({ unpack }) => !unpack).slice(0, mostInOneGo)
        const batch = plain.length > 0 ? plain : sent.slice(0, 1)
        if (batch.length === 0) return
        let next = items.get()
        for (const { key } of batch) next = changed(next, key, { state: 'adding' })
        set(next)
        await addBatch(batch)
      }
    } finally {
      isAdding = false
    }
  }
  const unpackOne = ({ upload, directory }: UploadItem) =>
    ask('POST /v1/datasets/:dataset/files/unpacked', {
      params: { dataset },
      body: { upload: upload ?? '', directory },
    })
  const addTogether = (batch: readonly UploadItem[]) =>
    ask('POST /v1/datasets/:dataset/files', {
      params: { dataset },
      body: {
        files: batch.map(({ upload, name, directory, replaces }) => ({
          upload: upload ?? '',
          name,
          directory,
          ...(replaces !== null && { replaces }),
        })),
      },
      headers: { 'idempotency-key': idempotencyKey() },
    })
  const addBatch = async (batch: readonly UploadItem[]): Promise<void> => {
    try {
      const reply = await (batch[0]?.unpack ? unpackOne(batch[0]) : addTogether(batch))
      let next = items.get()
      for (const { key } of batch) next = changed(next, key, { state: 'done', complaint: null })
      set(next)
      if (reply.warnings.length > 0) warnings.set([...warnings.get(), ...reply.warnings])
      void filesChanged()
    } catch (error) {
      refuse(batch, asProblem(error))
    }
  }
  /** All are taken in or none: those that the problem names stay out, the others are asked for once more. */
  const refuse = (batch: readonly UploadItem[], problem: ProblemDocument) => {
    const named = new Map<number, string>()
    for (const { pointer, detail } of problem.errors ?? []) {
      const [, at] = /^#?\/(?:body\/)?files\/(\d+)/.exec(pointer ?? '') ?? []
      if (at !== undefined) named.set(Number(at), detail)
    }
    let next = items.get()
    for (const [at, { key }] of batch.entries()) {
      const complaint = named.get(at)
      if (complaint !== undefined) next = changed(next, key, { state: 'refused', complaint })
      else if (named.size > 0) next = changed(next, key, { state: 'sent' })
      else if (isPassing(problem.status) || problem.status === 401)
        next = changed(next, key, { state: 'failed', complaint: sentence(problem) })
      // One of them may be the reason: each is tried alone.
      else if (batch.length > 1) next = changed(next, key, { state: 'sent' })
      else next = changed(next, key, { state: 'refused', complaint: sentence(problem) })
    }
    set(next)
  }

  window.addEventListener('online', retryFailed)
  window.addEventListener('pagehide', keep)
  window.addEventListener('beforeunload', (event) => {
    // It could go on later, but only with the files at hand again.
    if ([...items.get().values()].some(({ state }) => state === 'sending' || state === 'waiting'))
      event.preventDefault()
  })
  const queue: Queue = {
    dataset,
    items,
    warnings,
    add(picked) {
      const asked = picked.map(({ file, directory, unpack, replaces, name }) => {
        const one = { name, directory, bytes: file.size, modified: file.lastModified }
        files.set(keyOfChosen(one), file)
        return { ...one, ...(unpack !== undefined && { unpack }), ...(replaces !== undefined && { replaces }) }
      })
      set(chosen(items.get(), asked))
      go()
    },
    pause(keys) {
      let next = items.get()
      for (const key of keys) {
        const upload = running.get(key)
        running.delete(key)
        void upload?.abort()
        const state = next.get(key)?.state
        if (state === 'waiting' || state === 'sending' || state === 'failed')
          next = changed(next, key, { state: 'paused' })
      }
      set(next)
      go()
    },
    resume(keys) {
      let next = items.get()
      for (const key of keys) {
        const item = next.get(key)
        if (!item || !['paused', 'failed', 'refused'].includes(item.state)) continue
        const state = item.upload !== null ? 'sent' : files.has(key) ? 'waiting' : 'lost'
        next = changed(next, key, { state, complaint: null })
      }
      set(next)
      go()
    },
    drop(keys) {
      for (const key of keys) {
        const upload = running.get(key)
        running.delete(key)
        files.delete(key)
        // What it leaves at the server ends by itself where this does not arrive.
        void upload?.abort(true).catch(() => undefined)
        forgetUpload(`${kept} ${key}`)
      }
      set(without(items.get(), keys))
      go()
    },
    clear() {
      set(
        without(
          items.get(),
          [...items.get().values()].flatMap(({ key, state }) => (state === 'done' ? [key] : [])),
        ),
      )
      warnings.set([])
    },
  }
  // What had been sent before the page was loaded anew waits for nothing.
  setTimeout(go, 0)
  return queue
}

/** Never arrived, or met a pause: it may pass another time. */
const isPassing = (status: number): boolean => status === 0 || status === 423 || status === 429 || status >= 500

const uploadIdOf = (url: string | null): string =>
  new URL(url ?? '', window.location.href).pathname.split('/').at(-1) ?? ''

const sentence = ({ title, detail, hint }: ProblemDocument): string => [detail ?? title, hint].filter(Boolean).join(' ')

/** The problem in what tus throws, which holds the server's reply. */
function problemIn(error: unknown): ProblemDocument {
  const reply = (error as { originalResponse?: { getStatus(): number; getBody(): string } | null }).originalResponse
  if (!reply) {
    const isSent = (error as { originalRequest?: unknown }).originalRequest !== undefined
    return isSent ? { title: 'The connection broke off', status: 0, hint: 'It goes on by itself.' } : asProblem(error)
  }
  try {
    return { ...(JSON.parse(reply.getBody()) as ProblemDocument), status: reply.getStatus() }
  } catch {
    return { title: `The server answered ${reply.getStatus()}`, status: reply.getStatus() }
  }
}

function read(key: string): UploadItem[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]') as UploadItem[]
  } catch {
    return []
  }
}

function write(key: string, items: UploadItems): void {
  try {
    const open = [...items.values()].filter(({ state }) => state !== 'done')
    if (open.length === 0) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(open))
  } catch {
    // A browser that keeps nothing, or has no room: uploads go on, and only a reload forgets them.
  }
}

/** What tus kept of it, under names of its own making. */
function forgetUpload(fingerprint: string): void {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(`tus::${fingerprint}::`)) localStorage.removeItem(key)
  } catch {
    // The same.
  }
}
