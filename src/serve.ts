import { once } from 'node:events'
import { createFirstAdmin } from '#src/accounts/create-first-admin.ts'
import { openApp } from '#src/app.ts'
import { openBase } from '#src/base.ts'
import { openLog } from '#src/http/log.ts'
import type { LoadedSettings } from '#src/settings/load-settings.ts'

const say = (text: string): boolean => process.stdout.write(`${text}\n`)

/** `tessera serve`: everything, until it is told to stop; then what is under way is finished. */
export async function serve(loaded: LoadedSettings): Promise<void> {
  const { general, logger } = loaded.settings
  const stopped = stopSignal()
  const log = openLog(logger.level)
  const base = await openBase(loaded, log)
  try {
    const app = await openApp(base)
    try {
      const admin = await createFirstAdmin(app.accounts)
      await app.server.listen({ host: general.host, port: general.port })
      say(`Ready: ${general.siteAddress}`)
      if (admin) say(`First account: ${admin.userName}, password: ${admin.password} (shown this once)`)
      await stopped
      say('Stopping…')
    } finally {
      await app.close()
    }
  } finally {
    await base.close()
  }
}

/** Resolves at the first Ctrl-C or SIGTERM; the second one ends the process at once. */
async function stopSignal(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
}
