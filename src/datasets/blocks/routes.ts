import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { blockNotFound } from '../problems.ts'
import { blockNamed, blocks } from './blocks.ts'
import * as contract from './contract.ts'
import { presentBlock } from './present-block.ts'

/** They change with the product only. */
const lasting = { 'cache-control': 'public, max-age=300', vary: 'Origin' }
const allBlocks = { items: blocks.map(presentBlock) }

export const blockRoutes = (): Route[] => [
  route(contract.listBlocks, () => respond({ body: allBlocks, headers: lasting })),
  route(contract.getBlock, ({ params }) => {
    const block = blockNamed(params.block)
    if (!block) throw blockNotFound({ detail: `There is no block ${params.block}.` })
    return presentBlock(block)
  }),
]
