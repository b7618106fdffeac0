import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { permissionNames, permissions } from '#src/access/permissions.ts'
import type { Database } from '#src/database/change.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { addRelative } from '#src/settings/relative-time/add-relative.ts'
import { acceptedAt, acceptTerms } from './accept-terms.ts'
import * as contract from './contract.ts'
import { findShownTokens } from './find-shown-token.ts'
import { introspectToken } from './introspect-token.ts'
import { type Issued, issueToken } from './issue-token.ts'
import { listTokens, sortKeyOf } from './list-tokens.ts'
import { narrowToken } from './narrow-token.ts'
import { presentToken } from './present-token.ts'
import { readTokenUses, readUsesOf } from './read-token-uses.ts'
import { renameToken } from './rename-token.ts'
import { type LeakNeeds, reportLeak } from './report-leak.ts'
import { revokeAll, revokeToken, revokeTokens } from './revoke-token.ts'
import { type RotateNeeds, recreateToken, rotateToken } from './rotate-token.ts'
import { showToken } from './show-token.ts'
import { lockTokens } from './store.ts'
import { tokenCalendar } from './token-calendar.ts'
import { endFeed, readFeed, renewFeed, showFeed } from './token-feed.ts'
import { tokenPattern } from './token-format.ts'
import { deleteSlot, recreateInSlot, showSlot, slotEnd } from './token-slots.ts'
import { deadAt } from './token-state.ts'

export interface TokensNeeds extends RotateNeeds, Omit<LeakNeeds, 'site'> {
  readonly db: Database
  /** `address` without closing slash. */
  readonly site: { readonly address: string; readonly title: string }
}

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text))
/** What a cursor names beside the id: a name, or a moment, which is null for a token that was never used. */
const sortKey = (sort: contract.TokenSort) =>
  sort.endsWith('name')
    ? z.string().max(80)
    : sort.endsWith('last_used')
      ? z.iso.datetime().nullable()
      : z.iso.datetime()

const calendarType = 'text/calendar; charset=utf-8'

export function tokenRoutes(needs: TokensNeeds): Route[] {
  const { db, clock, policy, site, terms } = needs
  const termsFor = async (from: Database, caller: Caller) => ({
    text: terms?.text ?? null,
    version: terms?.version ?? null,
    accepted_at: (terms && (await acceptedAt(from, caller, terms)))?.toISOString() ?? null,
  })
  const present = (token: Issued['token']) => presentToken(token, clock.now())
  /** 201, the secret once, and nobody on the way keeps it. */
  const made = ({ token, secret }: Issued) =>
    respond({
      body: { ...present(token), secret },
      headers: { location: `/v1/tokens/${token.id}`, 'cache-control': 'no-store' },
    })
  const kept = ({ token, changed }: { token: Issued['token']; changed: boolean }) =>
    respond({ body: present(token), ...(changed ? {} : { unchanged: true as const }) })
  const gone = (changed: boolean) => (changed ? undefined : respond<never>({ status: 204, unchanged: true }))

  return [
    route(contract.issueToken, async ({ change, body }) => made(await issueToken(needs, change, body))),
    route(contract.listTokens, async ({ caller, query, request }) => {
      const { limit, cursor, sort, uses_days: usesDays } = query
      const now = clock.now()
      const after = readCursor(cursor, z.tuple([z.literal(sort), sortKey(sort), z.string().max(12)]))
      const filter = {
        everyone: query.everyone === 'true',
        accountName: query.account,
        kind: query.kind,
        state: query.state,
        live: query.live === undefined ? undefined : query.live === 'true',
        permission: query.permission,
        search: query.search,
        expiresBefore: dateOf(query.expires_before),
        unusedSince: dateOf(query.unused_since),
      }
      const { tokens, total } = await listTokens(db, caller, filter, {
        now,
        limit: limit + 1,
        sort,
        after: after && { key: after[1], id: after[2] },
      })
      const page = pageOf(request, tokens, limit, (token) => [sort, sortKeyOf(token, sort), token.id])
      const ids = page.rows.map(({ id }) => id)
      const uses = usesDays === 0 ? null : await readUsesOf(db, ids, usesDays, now)
      const items = page.rows.map((token) => ({ ...present(token), ...(uses && { uses: uses.get(token.id) }) }))
      return respond({ body: { items, total }, headers: page.headers })
    }),
    route(contract.readTokenPolicy, async ({ caller }) => {
      const now = clock.now()
      const { expirationInterval, maximum, timeZone } = policy
      return {
        personal_tokens: expirationInterval !== null,
        default_expires_at:
          expirationInterval === null ? null : addRelative(expirationInterval, now, timeZone).toISOString(),
        maximum_expires_at: addRelative(maximum, now, timeZone).toISOString(),
        preset_days: [30, 60, 90],
        pattern: tokenPattern.source,
        terms: { required: terms !== null, accepted: terms !== null && (await acceptedAt(db, caller, terms)) !== null },
      }
    }),
    route(contract.showTerms, ({ caller }) => termsFor(db, caller)),
    route(contract.acceptTerms, async ({ caller, change, body }) => {
      const accepted = await acceptTerms(needs, change, body.version)
      return respond({ body: await termsFor(change.tx, caller), ...(!accepted && { unchanged: true as const }) })
    }),
    route(contract.listPermissions, ({ caller }) => ({
      items: permissionNames.map((permission) => ({
        permission,
        label: permissions[permission].label,
        resource: permissions[permission].resource,
        held: caller.grants.allows(permission),
      })),
    })),
    route(contract.showCurrentToken, async ({ caller }) => {
      const token = await showToken(db, caller, currentOf(caller))
      return respond({ body: present(token), headers: { 'tessera-token-expires-at': deadAt(token).toISOString() } })
    }),
    route(contract.revokeCurrentToken, async ({ caller, change }) =>
      gone(await revokeToken(needs, change, { id: currentOf(caller), reason: 'by its holder' })),
    ),
    route(contract.showFeed, async ({ caller }) => ({
      created_at: (await showFeed(db, caller))?.toISOString() ?? null,
    })),
    route(contract.renewFeed, async ({ change }) => {
      const { secret, created_at } = await renewFeed(needs, change)
      const address = `${site.address}/v1/tokens/feed/${secret}.ics`
      return respond({
        body: { address, created_at: created_at.toISOString() },
        headers: { 'cache-control': 'no-store' },
      })
    }),
    route(contract.endFeed, async ({ change }) => gone(await endFeed(change))),
    route(contract.readFeed, async ({ params }) => {
      const tokens = await readFeed(needs, params.feed)
      return respond({
        body: tokenCalendar(tokens, site),
        type: calendarType,
        headers: { 'cache-control': 'private, max-age=3600' },
      })
    }),
    route(contract.showSlot, async ({ caller, params }) => {
      const token = await showSlot(db, caller, params.slot)
      const ends = slotEnd(policy, params.slot, clock.now())
      return { token: token && present(token), next_expires_at: ends?.toISOString() ?? null }
    }),
    route(contract.fillSlot, async ({ change, params }) => made(await recreateInSlot(needs, change, params.slot))),
    route(contract.emptySlot, async ({ change, params }) => {
      await deleteSlot(needs, change, params.slot)
      return undefined
    }),
    route(contract.revokeTokens, async ({ change, body }) => {
      const { reason, dry_run: dryRun } = body
      const filter = {
        ids: body.ids,
        accountName: body.account,
        kind: body.kind,
        state: body.state,
        permission: body.permission,
        search: body.search,
        expiresBefore: dateOf(body.expires_before),
        unusedSince: dateOf(body.unused_since),
        issuedBefore: dateOf(body.issued_before),
        live: body.live,
      }
      const matched = await revokeTokens(needs, change, { filter, reason, dryRun, expected: body.expected })
      const revoked = dryRun ? 0 : matched
      return respond({ body: { matched, revoked }, ...(revoked === 0 && { unchanged: true as const }) })
    }),
    route(contract.reportLeak, async ({ change, body }) => {
      const { revoked } = await reportLeak(needs, change, { tokens: body.tokens, foundAt: body.found_at })
      return respond({
        status: 202,
        body: { received: body.tokens.length },
        ...(revoked === 0 && { unchanged: true as const }),
      })
    }),
    route(contract.showToken, async ({ caller, params }) => present(await showToken(db, caller, params.token))),
    route(contract.renameToken, async ({ change, params, body }) =>
      kept(await renameToken(change, { id: params.token, ...body })),
    ),
    route(contract.revokeToken, async ({ change, params, query }) =>
      gone(await revokeToken(needs, change, { id: params.token, reason: query.reason })),
    ),
    route(contract.narrowToken, async ({ change, params, body }) =>
      kept(await narrowToken(needs, change, { id: params.token, ...body })),
    ),
    route(contract.rotateToken, async ({ change, params, body: { overlap_seconds: overlapSeconds, ...expiry } }) =>
      made(await rotateToken(needs, change, { id: params.token, overlapSeconds, ...expiry })),
    ),
    route(contract.recreateToken, async ({ change, params, body }) =>
      made(await recreateToken(needs, change, { id: params.token, ...body })),
    ),
    route(contract.readTokenUses, async ({ caller, params, query }) => {
      const token = await showToken(db, caller, params.token)
      const { sources, ...uses } = await readTokenUses(db, token.id, query.days, clock.now())
      const moments = ({ first_at, last_at }: (typeof sources)[number]) => ({
        first_at: first_at.toISOString(),
        last_at: last_at.toISOString(),
      })
      return { ...uses, sources: sources.map((source) => ({ ...source, ...moments(source) })) }
    }),
    route(contract.readTokenCalendar, async ({ caller, params }) => {
      const token = await showToken(db, caller, params.token)
      const headers = { 'content-disposition': `attachment; filename="token-${token.id}.ics"` }
      return respond({ body: tokenCalendar([token], site), type: calendarType, headers })
    }),
    route(contract.introspect, async ({ body }) =>
      respond({ body: await introspectToken(needs, body.token), headers: { 'cache-control': 'no-store' } }),
    ),
    route(contract.oauthRevoke, async ({ change, body }) => {
      const ids = await findShownTokens(needs.peppers, change.tx, [body.token])
      const tokens = await lockTokens(change.tx, { ids }, clock.now())
      await revokeAll(needs, change, { tokens, reason: 'by its holder' })
      return respond<never>({ status: 200, ...(tokens.length === 0 && { unchanged: true as const }) })
    }),
  ]
}

/** These endpoints take nothing but a token. */
function currentOf({ tokenId }: Caller): string {
  if (tokenId === null) throw new TypeError('a token was promised')
  return tokenId
}
