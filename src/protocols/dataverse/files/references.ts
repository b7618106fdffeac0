import { fileNotFound, isHidden, versionNotFound } from '#src/datasets/problems.ts'
import { Problem } from '#src/problem/problem.ts'
import { refused } from '../problems.ts'

/** The file that an address means. Files have no persistent ids of their own, so none is ever found by one. */
export function fileRef(segment: string, persistentId: string | undefined): string {
  if (/^\d{1,15}$/.test(segment)) return segment
  if (segment === ':persistentId') throw refused(404, `Datafile with Persistent ID ${persistentId ?? ''} not found.`)
  throw refused(400, `Bad file ID number: ${segment}.`)
}

export const noFile = (ref: string) => refused(404, `File with ID ${ref} not found.`)

/** What an act does not find is told by the name that the request has for it. */
export async function namingFile<T>(ref: string, version: string | null, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Problem) || isHidden(error)) throw error
    if (error.code === fileNotFound.code) throw noFile(ref)
    if (error.code === versionNotFound.code && version !== null)
      throw refused(404, `"File metadata for file with id ${ref} in dataset version ${version} not found"`)
    throw error
  }
}
