import type { Change } from '#src/database/change.ts'
import { findShownTokens } from './find-shown-token.ts'
import type { Peppers } from './peppers.ts'
import { type RevokeNeeds, revokeAll } from './revoke-token.ts'
import { findMadeWith, findMailAddress, findToken, lockTokens } from './store.ts'
import type { QueueMail } from './token-mail.ts'
import { leakMail } from './token-mail.ts'

export interface LeakNeeds extends RevokeNeeds {
  readonly peppers: Peppers
  readonly queueMail: QueueMail
  readonly site: { readonly address: string }
}

/**
 * Takes found tokens out of use: who holds the whole secret needs no other right. What the thief has made with them stops
 * too. The reporter learns nothing; the owners get mail.
 */
export async function reportLeak(
  needs: LeakNeeds,
  change: Change,
  ask: { tokens: readonly string[]; foundAt?: string | undefined },
): Promise<{ revoked: number }> {
  const shown = await findShownTokens(
    needs.peppers,
    change.tx,
    ask.tokens.map((text) => text.trim()),
  )
  if (shown.length === 0) return { revoked: 0 }
  const tokens = await lockFamily(needs, change, shown)
  if (tokens.length === 0) return { revoked: 0 }
  await revokeAll(needs, change, { tokens, reason: 'leaked', verb: 'token.leaked' })
  for (const { id } of tokens) {
    const token = (await findToken(change.tx, id))!
    const to = await findMailAddress(change.tx, token.account_id)
    if (to !== null)
      await needs.queueMail(change.tx, leakMail(token, { to, foundAt: ask.foundAt, site: needs.site.address }))
  }
  return { revoked: tokens.length }
}

/**
 * The tokens and all that were made with them. Who makes one holds its maker's row, so once a round under our locks finds no
 * more, there are no more: a thief cannot slip one out beside the report.
 */
async function lockFamily({ clock }: LeakNeeds, { tx }: Change, shown: readonly string[]) {
  for (let ids = shown; ; ) {
    const tokens = await lockTokens(tx, { ids }, clock.now())
    const family = [...new Set([...shown, ...(await findMadeWith(tx, shown))])]
    if (family.length === ids.length) return tokens
    ids = family
  }
}
