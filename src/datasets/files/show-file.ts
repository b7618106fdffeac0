import type { Visitor } from '../visitor.ts'
import { type AccessRequestState, findAccessRequest, takesRequests } from './access-store.ts'
import { type FileNeeds, todayOf } from './needs.ts'
import { type SeenFile, seeFile, statesSeen } from './see-file.ts'
import { type DatasetOfFile, findDatasetOfFile, findHistory, type HistoryRow } from './store.ts'

export interface ShownFile extends SeenFile {
  readonly dataset: DatasetOfFile
  /** The files that replaced one another, newest first, as far as the caller may know of them. */
  readonly history: readonly HistoryRow[]
  /** The caller's own. */
  readonly request: AccessRequestState | null
  readonly mayRequest: boolean
}

/** All that a file's page says. */
export async function showFile(
  needs: Pick<FileNeeds, 'db' | 'clock' | 'timeZone'>,
  who: Visitor,
  id: number | string,
  version?: string,
): Promise<ShownFile> {
  const seen = await seeFile(needs, who, id, version)
  const { file, rights, mayDownload } = seen
  const { accountId } = who.caller
  const [dataset, history, request, taken] = await Promise.all([
    findDatasetOfFile(needs.db, file),
    findHistory(needs.db, file, statesSeen(rights)),
    accountId === null ? null : findAccessRequest(needs.db, { fileId: file.id, accountId, today: todayOf(needs) }),
    takesRequests(needs.db, file.datasetId),
  ])
  return {
    ...seen,
    dataset,
    history,
    request,
    mayRequest: !mayDownload && taken && request !== 'open',
  }
}
