/** `npm test` runs this once when tests that read PDF files are among its files: brings `pdftotext` to Debian or Ubuntu. */
import { spawnSync } from 'node:child_process'
import { aptGet, mayInstall } from './apt-get.ts'

const hasPoppler = (): boolean => spawnSync('pdftotext', ['-v'], { stdio: 'ignore' }).status === 0

/** False when there is none and none can be had; the reason has been printed. */
export function bringPoppler(): boolean {
  if (hasPoppler()) return true
  if (mayInstall()) {
    console.log('Installing poppler-utils for the tests that read PDF files…')
    aptGet('update')
    aptGet('install', '-y', '--no-install-recommends', 'poppler-utils')
    if (hasPoppler()) return true
  }
  console.error('The tests that read PDF files need pdftotext and pdfinfo: install the package "poppler-utils".')
  return false
}

if (import.meta.main) process.exitCode = bringPoppler() ? 0 : 1
