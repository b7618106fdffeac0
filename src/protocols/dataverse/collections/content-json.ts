import type { listContents } from '#src/datasets/collections/list-collections.ts'
import type { DatasetNeeds } from '#src/datasets/needs.ts'
import { addressOf, type Pid } from '#src/datasets/pid.ts'
import { writeDay } from '../times.ts'

type Content = Awaited<ReturnType<typeof listContents>>[number]

/** What lies in a collection: of a collection its title, of a dataset where it is found. */
export function contentJson(
  { type, id, title, pid, published_at }: Content,
  { publisher, pids }: Pick<DatasetNeeds, 'publisher' | 'pids'>,
) {
  if (type === 'collection' || pid === null) return { type: 'dataverse' as const, id, title }
  const parts = partsOf(pid)
  const { protocol, authority, separator, identifier } = parts
  return {
    id,
    identifier,
    persistentUrl: addressOf(parts, pids.siteAddress),
    protocol,
    authority,
    separator,
    publisher,
    ...(published_at && { publicationDate: writeDay(published_at) }),
    storageIdentifier: `local://${authority}${separator}${identifier}`,
    datasetType: 'dataset' as const,
    locks: [],
    type: 'dataset' as const,
  }
}

/** `doi:10.5072/FK2/J8SJZB`: no authority has a slash in it. */
function partsOf(pid: string): Pid {
  const [, protocol = '', authority = '', identifier = ''] = /^(\w+):([^/]*)\/(.*)$/.exec(pid) ?? []
  return { protocol: protocol as Pid['protocol'], authority, separator: '/', identifier }
}
