import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { backupDamaged } from './problems.ts'

/**
 * A backup is a directory: `tables/` (a gzipped file for each table, a line for each row, a line being the JSON array of
 * the columns' texts), `files/` (what stood under the data directory) and `manifest.json`, which names and sums them all.
 * The manifest is written last, so a directory without one is no backup.
 */
export const manifestName = 'manifest.json'

/** As long as `format` is the same, every version can read it. */
export const backupFormat = 1

/** Inside the directory it belongs to, whatever a manifest says: a backup is input like any other. */
const relativePath = z.string().refine((value) => {
  const clean = path.posix.normalize(value)
  return (
    value !== '' && clean === value && !path.posix.isAbsolute(value) && !value.startsWith('..') && !value.includes('\0')
  )
}, 'must be a relative path that stays inside')

const summed = z.object({
  path: relativePath,
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const manifestSchema = z.object({
  format: z.literal(backupFormat),
  tessera: z.string(),
  made_at: z.iso.datetime(),
  migrations: z.array(z.string()).min(1),
  tables: z.array(
    summed.extend({ name: z.string(), columns: z.array(z.string()).min(1), rows: z.int().nonnegative() }),
  ),
  sequences: z.array(z.object({ name: z.string(), last_value: z.string().regex(/^-?\d+$/), is_called: z.boolean() })),
  files: z.array(summed.extend({ mode: z.int() })),
})

export type Manifest = z.infer<typeof manifestSchema>

/** Where a file of the data directory stands inside a backup. */
export const inBackup = (file: string): string => path.posix.join('files', file)

/** Size and SHA-256 of a file. */
export async function sumFile(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += chunk.length
    }
  })
  return { bytes, sha256: hash.digest('hex') }
}

/** Reads a backup's manifest and checks every byte of the backup against it. */
export async function checkBackup(directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory)
  const parts = [...manifest.tables, ...manifest.files.map((file) => ({ ...file, path: inBackup(file.path) }))]
  const wrong: string[] = []
  for (const part of parts) {
    const found = await sumFile(path.join(directory, part.path)).catch(() => null)
    if (found === null) wrong.push(`${part.path} is missing`)
    else if (found.bytes !== part.bytes) wrong.push(`${part.path} has ${found.bytes} bytes instead of ${part.bytes}`)
    else if (found.sha256 !== part.sha256) wrong.push(`${part.path} was changed`)
  }
  if (wrong.length === 0) return manifest
  throw backupDamaged({
    detail: `${directory}: ${wrong.slice(0, 10).join('; ')}${wrong.length > 10 ? `; and ${wrong.length - 10} more` : ''}.`,
    hint: 'Nothing was restored. Use another copy of this backup, or another backup.',
  })
}

async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(path.join(directory, manifestName), 'utf8').catch(() => null)
  if (text === null) {
    throw backupDamaged({
      detail: `${directory} is no backup, or one that was never finished: it has no ${manifestName}.`,
      hint: 'Name the directory that `tessera backup` wrote.',
    })
  }
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (error) {
    throw backupDamaged({
      detail: `${path.join(directory, manifestName)} is not what a backup of this format (${backupFormat}) has.`,
      hint: 'Use another copy, or the version of Tessera that made it.',
      cause: error,
    })
  }
}

/** On disk, not merely handed to the system; for a directory, its list of names. */
export async function flush(file: string): Promise<void> {
  await using handle = await open(file, 'r')
  await handle.sync()
}

export const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )
