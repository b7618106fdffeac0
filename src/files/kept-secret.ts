import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import path from 'node:path'

/**
 * A random text of 43 characters kept in a file (mode 600), made when the file is missing. Processes that come at the
 * same moment agree, and a crash leaves all of it or nothing.
 */
export async function keptSecret(file: string): Promise<string> {
  const kept = await read(file)
  if (kept !== null) return kept
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`
  try {
    await write(draft, randomBytes(32).toString('base64url'))
    // Unlike a rename, this fails where another was quicker.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  const made = await read(file)
  if (made === null) throw new Error(`${file} is empty`)
  return made
}

async function read(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim() || null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function write(file: string, text: string): Promise<void> {
  await using handle = await open(file, 'wx', 0o600)
  await handle.writeFile(`${text}\n`)
  await handle.sync()
}
