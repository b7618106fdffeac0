import type { Upload } from 'tus-js-client'
import { ask, expectedAccount, sessionEnded } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { asProblem, type ProblemDocument } from '#portal/kit/problem.ts'
import { createStore } from '#portal/kit/store.ts'
import type { PickedFile } from './dropped-files.ts'
import { filesChanged } from './repository.ts'
import { openBook } from './upload-book.ts'
import { chosen, keyOfChosen, type Placement, revived, type UploadItem, type UploadItems } from './upload-items.ts'

/** As many as a browser sends side by side without one slowing the other down. */
const mostAtOnce = 3
/** As many as the server takes in together; each takes a moment, and what is in can be seen. */
const mostInOneGo = 100
/** While so many wait to be taken in, no more are sent: an account may have only so many. */
const mostSent = 3 * mostInOneGo
/** Up to so many bytes it is quicker to send a file again than to ask where it stopped. */
const oneRequest = 2 ** 18
/** For so long what has been sent waits for others, so that ten thousand files are not as many changes of the dataset. */
const gatherMs = 700
/** What is on its way is drawn as often as somebody can read it. */
const drawMs = 250
/** How often the files of the draft are asked for again while more come in. */
const askFilesMs = 3000
/** How soon what could not be sent is tried again by itself. */
const againMs = 5000

export type FileWarning = Reply<'POST /v1/datasets/:dataset/files'>['warnings'][number]

export interface Queue {
  readonly dataset: string
  /** `get`: as they are now; `use`: as they were a moment ago, which is soon enough to be looked at. */
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
/** Of these the browser holds the bytes: they wait for their turn, or are on their way. */
const toSend: readonly UploadItem['state'][] = ['waiting', 'sending']

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
  const book = openBook(revived(read(kept)))
  const drawn = createStore<UploadItems>(new Map(book.items))
  const warnings = createStore<readonly FileWarning[]>([])
  const files = new Map<string, File>()
  const running = new Map<string, Upload>()
  let isAdding = false

  const draw = soon(() => drawn.set(new Map(book.items)))
  const keep = soon(() => write(kept, book.items))
  const retry = soon(() => retryFailed())
  /** After each change of the book. */
  const told = () => {
    draw.in(drawMs)
    // Of ten thousand files, not each has all written anew.
    keep.in(300 + book.items.size / 4)
    if (book.count('failed') > 0) retry.in(againMs)
  }
  const change = (key: string, what: Partial<UploadItem>) => {
    book.change(key, what)
    told()
  }
  const retryFailed = () => {
    for (const { key, upload } of book.first('failed')) change(key, { state: upload === null ? 'waiting' : 'sent' })
    go()
  }
  const go = () => {
    const room = Math.min(mostAtOnce, mostSent - book.count('sent', 'adding')) - book.count('sending')
    for (const item of book.first('waiting', room)) {
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
      if (book.items.get(key)?.state !== 'sending') return
      const isSmall = file.size <= oneRequest
      const upload = new Upload(file, {
        endpoint: `/v1/datasets/${encodeURIComponent(dataset)}/uploads`,
        headers: expectedAccount() as Record<string, string>,
        metadata: { filename: item.name, filetype: file.type },
        fingerprint: async () => `${kept} ${key}`,
        removeFingerprintOnSuccess: true,
        storeFingerprintForResuming: !isSmall,
        // A small file is one request. A large one needs its address first: only what has one can go on.
        uploadDataDuringCreation: isSmall,
        retryDelays: [300, 1000, 3000],
        // 409: the server has more or less of it than was thought; it is asked how much.
        onShouldRetry: ({ originalResponse }) =>
          isPassing(originalResponse?.getStatus() ?? 0) || originalResponse?.getStatus() === 409,
        onProgress: (sent) => {
          if (running.get(key) !== upload) return
          book.change(key, { sent })
          draw.in(drawMs)
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
      const [previous] = isSmall ? [] : await upload.findPreviousUploads()
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
    if (isAdding || book.count('sent') === 0) return
    isAdding = true
    try {
      for (;;) {
        await gathered()
        const sent = book.first('sent')
        // A ZIP that is taken apart is a step of its own: it may be many files.
        const plain = sent.filter(({ unpack }) => !unpack).slice(0, mostInOneGo)
        const batch = plain.length > 0 ? plain : sent.slice(0, 1)
        if (batch.length === 0) return
        for (const { key } of batch) change(key, { state: 'adding' })
        await addBatch(batch)
        go()
      }
    } finally {
      isAdding = false
    }
  }
  const gathered = async (): Promise<void> => {
    for (const until = performance.now() + gatherMs; performance.now() < until; ) {
      if (book.count('sent') >= mostInOneGo || book.count(...toSend) === 0) return
      await new Promise((resolve) => setTimeout(resolve, 50))
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
      for (const { key } of batch) change(key, { state: 'done', complaint: null })
      if (reply.warnings.length > 0) warnings.set([...warnings.get(), ...reply.warnings])
      if (book.count(...toSend, 'sent') === 0) void filesChanged()
      else askFiles.in(askFilesMs)
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
    for (const [at, { key }] of batch.entries()) {
      const complaint = named.get(at)
      if (complaint !== undefined) change(key, { state: 'refused', complaint })
      else if (named.size > 0) change(key, { state: 'sent' })
      else if (isPassing(problem.status) || problem.status === 401)
        change(key, { state: 'failed', complaint: sentence(problem) })
      // One of them may be the reason: each is tried alone.
      else if (batch.length > 1) change(key, { state: 'sent' })
      else change(key, { state: 'refused', complaint: sentence(problem) })
    }
  }

  window.addEventListener('online', retryFailed)
  window.addEventListener('pagehide', () => keep.now())
  window.addEventListener('beforeunload', (event) => {
    // It could go on later, but only with the files at hand again.
    if (book.count(...toSend) > 0) event.preventDefault()
  })
  /** What a person did is to be seen at once. */
  const done = () => {
    told()
    draw.now()
    go()
  }
  const queue: Queue = {
    dataset,
    items: { get: () => book.items, use: drawn.use },
    warnings,
    add(picked) {
      const asked = picked.map(({ file, directory, unpack, replaces, name }) => {
        const one = { name, directory, bytes: file.size, modified: file.lastModified }
        files.set(keyOfChosen(one), file)
        return { ...one, ...(unpack !== undefined && { unpack }), ...(replaces !== undefined && { replaces }) }
      })
      book.put(chosen(book.items, asked))
      done()
    },
    pause(keys) {
      for (const key of keys) {
        const upload = running.get(key)
        running.delete(key)
        void upload?.abort()
        const state = book.items.get(key)?.state
        if (state === 'waiting' || state === 'sending' || state === 'failed') book.change(key, { state: 'paused' })
      }
      done()
    },
    resume(keys) {
      for (const key of keys) {
        const item = book.items.get(key)
        if (!item || !['paused', 'failed', 'refused'].includes(item.state)) continue
        const state = item.upload !== null ? 'sent' : files.has(key) ? 'waiting' : 'lost'
        book.change(key, { state, complaint: null })
      }
      done()
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
      book.remove(keys)
      done()
    },
    clear() {
      book.remove(book.first('done').map(({ key }) => key))
      warnings.set([])
      done()
    },
  }
  // What had been sent before the page was loaded anew waits for nothing.
  setTimeout(go, 0)
  return queue
}

/** Something that is done a while after it was first asked for, however often that was. */
function soon(act: () => void): { in(ms: number): void; now(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const now = () => {
    clearTimeout(timer)
    timer = undefined
    act()
  }
  return {
    in(ms) {
      timer ??= setTimeout(now, ms)
    },
    now,
  }
}

const askFiles = soon(() => void filesChanged())

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
