import { statfs } from 'node:fs/promises'

/** Bytes that may still be written to a directory's disk. */
export async function roomIn(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}
