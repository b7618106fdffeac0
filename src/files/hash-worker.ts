/** Sums up what the main thread sends; several contents at once, each under its number. */
import { createHash, type Hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

export type HashOrder =
  | { readonly do: 'open'; readonly content: number; readonly algorithms: readonly string[] }
  | { readonly do: 'update'; readonly content: number; readonly block: Uint8Array }
  | { readonly do: 'digest'; readonly content: number }
  | { readonly do: 'drop'; readonly content: number }

export type HashNews =
  | { readonly done: 'update'; readonly content: number }
  | { readonly done: 'digest'; readonly content: number; readonly digests: readonly (readonly [string, string])[] }

const contents = new Map<number, readonly (readonly [string, Hash])[]>()

parentPort?.on('message', (order: HashOrder) => {
  const tell = (news: HashNews): void => parentPort?.postMessage(news)
  const { content } = order
  if (order.do === 'open')
    contents.set(
      content,
      order.algorithms.map((name) => [name, createHash(name)]),
    )
  else if (order.do === 'update') {
    for (const [, hash] of contents.get(content) ?? []) hash.update(order.block)
    tell({ done: 'update', content })
  } else {
    const hashes = contents.get(content) ?? []
    contents.delete(content)
    if (order.do === 'digest')
      tell({ done: 'digest', content, digests: hashes.map(([name, hash]) => [name, hash.digest('hex')]) })
  }
})
