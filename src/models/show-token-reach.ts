import type pg from 'pg'
import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { Grants, parseGrant } from '#src/access/grants.ts'
import { permissions } from '#src/access/permissions.ts'
import type { Database } from '#src/database/change.ts'
import { showToken } from '#src/tokens/show-token.ts'
import { stateOf } from '#src/tokens/token-state.ts'
import { callerOfToken } from '#src/tokens/verify-token.ts'
import type { Who } from '#src/warehouse/catalogue.ts'
import { rowConditions } from '#src/warehouse/plan-filters.ts'
import type { TokenReach } from './contract.ts'
import { listModels, type ShowNeeds } from './show-model.ts'

export interface ReachNeeds extends ShowNeeds {
  readonly db: Database
  readonly pool: pg.Pool
}

type Reach = z.input<typeof TokenReach>
type Token = Awaited<ReturnType<typeof showToken>>

/**
 * What a token could do now: its account's role and state, its own narrowing, who may read which model, and which rows are
 * then left. Told by the code that lets real requests in, asked as the caller who would show the token.
 */
export async function showTokenReach(needs: ReachNeeds, caller: Caller, id: string): Promise<Reach> {
  const token = await showToken(needs.db, caller, id)
  const now = needs.clock.now()
  const shower = await callerOfToken({ pool: needs.pool, now: () => now.getTime() }, id)
  const models = shower === null ? [] : reachedModels(needs, shower)
  // A model that the asker may do nothing with does not exist for them, here as elsewhere.
  const known = new Set([...listModels(needs, caller), ...models].map(({ name }) => name))
  return {
    token: token.id,
    state: stateOf(token, now),
    works: shower !== null,
    permissions: token.grants.map((text) => {
      const why_not = shower === null ? whyDead(token, now) : whyNot(needs, shower, text, { models, known })
      const { permission, resource } = parseGrant(text)!
      return { permission, label: permissions[permission].label, resource, effective: why_not === null, why_not }
    }),
    models,
  }
}

const reachedModels = (needs: ShowNeeds, shower: Caller): Reach['models'] =>
  listModels(needs, shower).map(({ name, label, may }) => {
    const { catalogue } = needs.models.find((model) => model.name === name)!
    return { name, label, ...may, rows_filtered: (may.query || may.raw) && rowConditions(catalogue, shower).length > 0 }
  })

/** Why a permission of a token that works comes to nothing; null when it doesn't. */
function whyNot(
  needs: ShowNeeds,
  shower: Caller,
  text: string,
  { models, known }: { models: Reach['models']; known: ReadonlySet<string> },
): string | null {
  const { permission, resource } = parseGrant(text)!
  const { role, resource: kind } = permissions[permission]
  if (!shower.grants.covers(Grants.of([text])))
    return `The account’s role is ${shower.role}; this is for ${above(role)}.`
  if (kind !== 'model' || resource === null) return null
  const model = needs.models.find(({ name }) => name === resource)
  if (!model || !known.has(resource)) return `There is no model called ${resource}.`
  const { access, raw } = model.catalogue
  const reached = models.find(({ name }) => name === resource)
  if (permission === 'warehouse:raw' && raw === null) return 'The model has no raw rows.'
  if (permission === 'warehouse:read' && !reached?.query && !reached?.options)
    return `The model is for ${above(access.query)}.`
  if (permission === 'warehouse:raw' && !reached?.raw) return `The model’s raw rows are for ${above(access.raw)}.`
  return null
}

const above = (who: Who): string =>
  who === 'public' ? 'everybody' : who === 'admin' ? 'the role admin' : `the role ${who} and those above it`

function whyDead(token: Token, now: Date): string {
  const state = stateOf(token, now)
  if (state === 'revoked') return 'The token was revoked.'
  if (state === 'suspended') return 'The token’s account is disabled.'
  return state === 'pending' ? `The token works from ${token.not_before?.toISOString()} on.` : 'The token has expired.'
}
