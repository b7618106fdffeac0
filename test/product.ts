import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createFirstAdmin } from '#src/accounts/create-first-admin.ts'
import { type App, openApp } from '#src/app.ts'
import { type Base, openBase, productDirectory } from '#src/base.ts'
import { openLog } from '#src/http/log.ts'
import { loadSettings } from '#src/settings/load-settings.ts'
import { testDatabase } from './postgres.ts'

export interface TestProduct extends App {
  readonly base: Base
  readonly url: string
  /** For processes beside it. */
  readonly databaseUrl: string
  readonly admin: { readonly userName: string; readonly password: string }
  /** Everything that was logged. */
  readonly logged: () => string
  [Symbol.asyncDispose](): Promise<void>
}

/** The whole product, wired as it ships, listening on a free port, on a database and a directory of its own. */
export async function testProduct(settings: Readonly<Record<string, string>> = {}): Promise<TestProduct> {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await testDatabase())
  const directory = await mkdtemp(path.join(tmpdir(), 'tessera-product-'))
  opening.defer(() => rm(directory, { recursive: true, force: true }))
  const loaded = loadSettings({
    root: productDirectory,
    env: {
      TESSERA_DATABASE__URL: database.url,
      TESSERA_GENERAL__DATA_DIRECTORY: directory,
      TESSERA_GENERAL__PORT: '0',
      TESSERA_GENERAL__SITE_ADDRESS: 'http://localhost:8080',
      ...settings,
    },
  })
  const lines: string[] = []
  const base = await openBase(loaded, openLog('debug', { write: (line: string) => void lines.push(line) }))
  opening.defer(() => base.close())
  const app = await openApp(base, { works: loaded.settings.general.worker })
  opening.defer(() => app.close())
  const admin = await createFirstAdmin(app.accounts)
  if (!admin) throw new Error('the test’s database was not empty')
  const url = await app.server.listen({ host: '127.0.0.1', port: loaded.settings.general.port })
  const opened = opening.move()
  return {
    ...app,
    base,
    url,
    databaseUrl: database.url,
    admin,
    logged: () => lines.join(''),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
