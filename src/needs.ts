import path from 'node:path'
import type { Caller } from '#src/access/caller.ts'
import type { Permission } from '#src/access/permissions.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import type { AccountsNeeds } from '#src/accounts/needs.ts'
import { makePasswordHasher } from '#src/accounts/password-hash.ts'
import { type Base, productVersion } from '#src/base.ts'
import { openContentStore } from '#src/files/content-store.ts'
import { keptSecret } from '#src/files/kept-secret.ts'
import type { RefreshNeeds } from '#src/models/refresh-model.ts'
import type { Outbound } from '#src/outbound/open-outbound.ts'
import type { Run } from '#src/runs/run.ts'
import type { Settings } from '#src/settings/schema.ts'
import { openPeppers } from '#src/tokens/peppers.ts'
import { callerOfToken } from '#src/tokens/verify-token.ts'

export const clock = { now: () => new Date() }

/** What acts on accounts take, in a server and at the command line. */
export const accountNeeds = ({ settings, db, database, change, announce }: Base): Omit<AccountsNeeds, 'refusals'> => ({
  db,
  pool: database.pool,
  change,
  announce,
  passwords: makePasswordHasher(),
  policy: settings.signIn,
  site: { address: settings.general.siteAddress, title: settings.general.title },
  clock,
})

/** What acts on tokens take, likewise. */
export const tokenNeeds = ({ settings, announce }: Base) => ({
  peppers: openPeppers(settings.apiToken.pepperFile),
  policy: {
    expirationInterval: settings.apiToken.expirationInterval,
    maximum: settings.apiToken.maximum,
    dataverseLifetime: settings.dataverse.tokenLifetime,
    timeZone: settings.general.timeZone,
  },
  // Nobody reads them at the command line; a server opens them.
  terms: null,
  announce,
  clock,
})

/** What model files may say of the house that they serve (`{{ organization_name }}`). */
export const modelDefaults = ({ general, sources }: Settings) => ({
  timeZone: general.timeZone,
  connections: Object.keys(sources),
  words: {
    organization_name: general.organizationName,
    organization_abbreviation: general.organizationAbbreviation,
    hierarchy_top_level_label: general.hierarchyTopLevelLabel,
    hierarchy_middle_level_label: general.hierarchyMiddleLevelLabel,
    hierarchy_bottom_level_label: general.hierarchyBottomLevelLabel,
  },
})

/** The guarded way out, made when it is first taken: most refreshes fetch nothing. */
function fetchOf({ outbound }: Settings): RefreshNeeds['fetch'] {
  let opened: Promise<Outbound> | undefined
  return async (url, options) => {
    opened ??= import('#src/outbound/open-outbound.ts').then(({ openOutbound }) =>
      openOutbound({ allowedNetworks: outbound.allowedNetworks, agent: `Tessera/${productVersion}` }),
    )
    return (await opened).fetch(url, options)
  }
}

/** What refreshing models takes, likewise; nobody reads them yet. */
export async function refreshNeeds({ settings, places, db }: Base): Promise<RefreshNeeds> {
  const { datawarehouse } = settings
  // Only here, as it brings the engine: most commands need none.
  const { loadModels } = await import('#src/models/load-models.ts')
  const { inputSource } = await import('#src/reports/input-source.ts')
  return {
    db,
    models: await loadModels(settings.models.directory, modelDefaults(settings)),
    live: null,
    warehouseDirectory: places.warehouse,
    importsDirectory: places.imports,
    connections: settings.sources,
    runs: { queue: null, callbacks: null },
    fetch: fetchOf(settings),
    tables: {
      db,
      // Nobody sweeps at the command line; a server brings its own.
      contents: openContentStore({ directory: places.contents, namedBy: [] }),
      tablesDirectory: places.tables,
    },
    reports: inputSource({ db }),
    keep: settings.models.keepSnapshots,
    roots: { models: settings.models.directory, data: places.sources },
    memoryLimitBytes: datawarehouse.memoryLimit,
    threads: datawarehouse.threads,
    salt: settings.dataWarehouseExport.hashSalt || (await keptSecret(path.join(places.secrets, 'hash-salt'))),
    building: new Set(),
    clock,
  }
}

/** Who asked for a run, with the rights that they have now; null when their token or account no longer stands. */
export const callerOfRun =
  ({ database, db }: Base) =>
  async ({ trigger: { tokenId, accountId } }: Run): Promise<Caller | null> => {
    if (tokenId !== null) return callerOfToken({ pool: database.pool, now: Date.now }, tokenId)
    return accountId === null ? null : callerOfAccount(db, accountId)
  }

/** Whether a token that asked for work still may have it done. */
export const stillStands =
  ({ database }: Base) =>
  async (tokenId: string, permission: Permission, resource: string): Promise<boolean> => {
    const caller = await callerOfToken({ pool: database.pool, now: Date.now }, tokenId)
    return caller?.grants.allows(permission, resource) ?? false
  }
