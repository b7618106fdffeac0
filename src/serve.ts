import { execFile } from 'node:child_process'
import { flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createFirstAdmin } from '#src/accounts/create-first-admin.ts'
import { type App, openApp } from '#src/app.ts'
import { type Base, openBase } from '#src/base.ts'
import { fillNewInstallation, progressLine, sendDemo } from '#src/first-start.ts'
import { listen } from '#src/http/listen.ts'
import { type Logger, openLog } from '#src/http/log.ts'
import { isPortalBuilt } from '#src/pages/build-portal.ts'
import type { LoadedSettings } from '#src/settings/load-settings.ts'

const buildScript = fileURLToPath(new URL('../scripts/build-portal.ts', import.meta.url))

const say = (text: string): boolean => process.stdout.write(`${text}\n`)

/** `tessera serve`: everything, until it is told to stop; then what is under way is finished. */
export async function serve(loaded: LoadedSettings): Promise<void> {
  const { general, logger } = loaded.settings
  const stopping = stopSignal()
  const log = openLog(logger.level)
  const line = progressLine(process.stdout)
  const portal = bringPortal(log)
  line.show('Starting the database; the first time this takes a while…')
  const base = await openBase(loaded, log).finally(() => line.show(''))
  try {
    const app = await openApp(base, { works: general.worker })
    try {
      line.show('Making the pages of the portal…')
      await portal
      line.show('')
      await listen(app.server, general)
      await fillNewInstallation(base, app, line, stopping)
      // Last, because its password is shown only once: what fails or is stopped before leaves it to the next start.
      if (!stopping.aborted) {
        const admin = await createFirstAdmin(app.accounts)
        say(closingMessage(addressOf(base, app), admin, general.demo))
        // Needs an administrator, and nobody need wait for it.
        await sendDemo(base, app, line, stopping)
      }
      // What the next start is quick by; not left to the end, as a server may be killed.
      flushCompileCache()
      await aborted(stopping)
      say('Stopping: finishing what is under way…')
    } finally {
      await app.close()
    }
  } finally {
    await base.close()
  }
}

/** `tessera work`: background work only, for a machine beside the server's. */
export async function work(loaded: LoadedSettings): Promise<void> {
  const stopping = stopSignal()
  const base = await openBase(loaded, openLog(loaded.settings.logger.level))
  try {
    const app = await openApp(base, { works: true })
    try {
      say('Working. Ctrl-C stops.')
      await aborted(stopping)
    } finally {
      await app.close()
    }
  } finally {
    await base.close()
  }
}

/** In a process of its own, beside the database's start; without it the API still serves. */
async function bringPortal(log: Logger): Promise<void> {
  if (await isPortalBuilt()) return
  try {
    await promisify(execFile)(process.execPath, [buildScript], { timeout: 120_000 })
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    log.warn({ err: stderr?.trim() || message }, 'the portal’s pages could not be built; `npm run build` tries again')
  }
}

/** Where the server really listens, when any free port was asked for. */
function addressOf({ settings: { general } }: Base, { server }: App): string {
  const address = server.server.address()
  if (general.port !== 0 || address === null || typeof address === 'string') return general.siteAddress
  return `http://localhost:${address.port}`
}

function closingMessage(address: string, admin: { userName: string; password: string } | null, demo: boolean): string {
  const next = [
    'Open it in a browser: Sign In is at the top left, API tokens are made under My Profile at the top right.',
    ...(demo
      ? [
          '',
          'Or ask the first question here (3 million real flights, open to everybody):',
          '',
          `  curl '${address}/v1/query?model=flights&metrics=flights,average_delay&dimensions=origin&limit=5'`,
          '',
          'and make a token for questions about the made-up cluster:',
          '',
          '  ./tessera token issue --account admin --name first --permission warehouse:read warehouse:raw',
        ]
      : ['', 'What comes next stands in docs/how-to/run-in-production.md; the commands: ./tessera --help']),
  ]
  return [
    '',
    `Tessera is ready: ${address}`,
    ...(admin
      ? ['', `  First account: ${admin.userName}`, `  Password:      ${admin.password}   (not shown again)`]
      : []),
    '',
    ...next,
    '',
    'Ctrl-C stops.',
    '',
  ].join('\n')
}

/** Aborts at the first Ctrl-C or SIGTERM; the second one ends the process at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  const heard = () => {
    if (stop.signal.aborted) process.exit(1)
    stop.abort()
  }
  process.on('SIGINT', heard).on('SIGTERM', heard)
  return stop.signal
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
