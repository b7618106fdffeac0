/** Tests of models that read MySQL and MariaDB run this: brings a MariaDB server to a fresh Debian or Ubuntu machine. */
import { existsSync } from 'node:fs'
import { aptGet, mayInstall } from './apt-get.ts'

export const mariadbWanted =
  'A MariaDB server is needed (mariadbd in /usr/sbin). On Debian and Ubuntu: apt-get install mariadb-server. As root the tests install it themselves.'

/** Where the server's programs are; null when there are none. */
export function findMariadb(): { server: string; install: string } | null {
  const at = (name: string) =>
    ['/usr/sbin', '/usr/bin', '/usr/local/bin'].map((place) => `${place}/${name}`).find(existsSync)
  const [server, install] = [at('mariadbd'), at('mariadb-install-db')]
  return server && install ? { server, install } : null
}

/** Null when there is none and none can be had; the reason has been printed. */
export function bringMariadb(): ReturnType<typeof findMariadb> {
  const found = findMariadb()
  if (found) return found
  if (mayInstall()) {
    console.log('Installing MariaDB for the tests of its queries…')
    aptGet('update')
    // No service is started by the package: each test has a server of its own, on a directory of its own.
    aptGet('install', '-y', '--no-install-recommends', 'mariadb-server')
    const installed = findMariadb()
    if (installed) return installed
  }
  console.error(mariadbWanted)
  return null
}

if (import.meta.main) process.exitCode = bringMariadb() ? 0 : 1
