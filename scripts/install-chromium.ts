/** `npm test` runs this once when browser tests are among its files: brings Chromium to a fresh Debian or Ubuntu machine. */
import { aptGet, mayInstall } from './apt-get.ts'
import { chromiumWanted, findChromium } from './find-chromium.ts'

/** False when there is none and none can be had; the reason has been printed. */
export function bringChromium(): boolean {
  if (findChromium()) return true
  if (!process.env.CHROMIUM && mayInstall()) {
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

if (import.meta.main) process.exitCode = bringChromium() ? 0 : 1
