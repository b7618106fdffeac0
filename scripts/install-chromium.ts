/** `npm test` runs this once when browser tests are among its files: brings Chromium to a fresh Debian or Ubuntu machine. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromiumWanted, findChromium } from './find-chromium.ts'

/** False when there is none and none can be had; the reason has been printed. */
export function bringChromium(): boolean {
  if (findChromium()) return true
  const mayInstall = !process.env.CHROMIUM && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (mayInstall) {
    console.log('Installing Chromium for the browser tests…')
    // The lists are usually missing on a fresh machine; where they can't be fetched, those that are there may do.
    aptGet('update')
    // Without a font, letters would have no width and nothing would stand where it does for people.
    aptGet('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core')
    if (findChromium()) return true
  }
  console.error(chromiumWanted)
  return false
}

/** Somebody else may be installing: their locks are waited for. */
function aptGet(...words: string[]): void {
  spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3', ...words], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

if (import.meta.main) process.exitCode = bringChromium() ? 0 : 1
