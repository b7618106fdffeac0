import { readPid } from '#src/datasets/pid.ts'
import { collectionNotFound, datasetNotFound, isHidden } from '#src/datasets/problems.ts'
import { Problem } from '#src/problem/problem.ts'
import { refused } from './problems.ts'

const digits = /^\d{1,15}$/

const needsPid = 'When accessing a dataset based on Persistent ID, a persistentId query parameter must be present.'

/**
 * The dataset that an address means: a number, or `:persistentId` and the parameter of that name, in plain form or as the
 * address it leads to. Throws what Dataverse says when it is neither.
 */
export function datasetRef(segment: string, persistentId: string | undefined): string {
  if (segment !== ':persistentId') {
    if (digits.test(segment)) return segment
    throw refused(400, `Bad dataset ID number: ${segment}.`)
  }
  if (persistentId === undefined || persistentId === '') throw refused(400, needsPid)
  const pid = readPid(persistentId)
  if (pid === null) throw refused(400, `Bad dataset ID number: ${persistentId}.`)
  return pid
}

/** What Dataverse says of a dataset that is not there: of a persistent id, misleadingly, that none was given. */
export const noDataset = (ref: string) =>
  refused(404, digits.test(ref) ? `Dataset with ID ${ref} not found.` : needsPid)

/** `:root` is called so by its alias. Clients find collections by number or alias. */
export const collectionRef = (segment: string): string => (segment === ':root' ? 'root' : segment)

export const noCollection = (segment: string) => refused(404, `Can't find dataverse with identifier='${segment}'`)

/** How `/v1` calls the version that Dataverse calls `:draft`, `:latest`, `:latest-published`, `1.0` or `2`. */
export function versionRef(segment: string): string {
  if (segment === ':draft' || segment === ':latest' || segment === ':latest-published') return segment.slice(1)
  const [, major, minor = '0'] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(segment) ?? []
  if (major === undefined) throw refused(400, `Illegal version identifier '${segment}'`)
  return `${Number(major)}.${Number(minor)}`
}

/** How the request names what an act looks for. */
export interface Names {
  readonly dataset?: string
  readonly collection?: string
}

/** What an act does not find is told by the name that the request has for it. */
export async function naming<T>({ dataset, collection }: Names, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Problem) || isHidden(error)) throw error
    if (error.code === datasetNotFound.code && dataset !== undefined) throw noDataset(dataset)
    if (error.code === collectionNotFound.code && collection !== undefined) throw noCollection(collection)
    throw error
  }
}
