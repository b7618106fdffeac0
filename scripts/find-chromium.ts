import { accessSync, constants } from 'node:fs'
import path from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const onMacs = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Where a Chromium or Chrome stands that tests can drive; null when there is none. `$CHROMIUM` comes before all others. */
export function findChromium(): string | null {
  const { CHROMIUM, PATH = '' } = process.env
  if (CHROMIUM) return isProgram(CHROMIUM) ? CHROMIUM : null
  const directories = [...PATH.split(path.delimiter), '/usr/bin', '/usr/local/bin'].filter(Boolean)
  const places = [...names.flatMap((name) => directories.map((directory) => path.join(directory, name))), ...onMacs]
  return places.find(isProgram) ?? null
}

/** What to do where there is none. */
export const chromiumWanted =
  'The browser tests need Chromium: install the package "chromium" (or Google Chrome), or name one with CHROMIUM=/path/to/it; TESSERA_NO_BROWSER=1 leaves these tests out.'

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
