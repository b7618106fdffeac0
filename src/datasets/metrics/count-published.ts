import type { Database } from '#src/database/change.ts'
import {
  countBySubject,
  countByType,
  countCollections,
  countDatasets,
  countFiles,
  type Span,
  sumDownloads,
  type ValueCount,
} from './store.ts'

export type { Span, ValueCount } from './store.ts'

/** How many collections, datasets and files everybody can see, by when they were first published. */
export const countPublished = (
  db: Database,
  what: 'collections' | 'datasets' | 'files',
  span: Span = {},
): Promise<number> => ({ collections: countCollections, datasets: countDatasets, files: countFiles })[what](db, span)

/** How often files were downloaded: of all datasets, or of one. Days are not kept. */
export const countDownloads = (db: Database, datasetId: number | null = null): Promise<number> =>
  sumDownloads(db, datasetId)

/** Published datasets by subject, most frequent first. */
export const datasetsBySubject = (db: Database, span: Span = {}): Promise<ValueCount[]> => countBySubject(db, span)

/** Published collections by what they are for, most frequent first. */
export const collectionsByType = (db: Database): Promise<ValueCount[]> => countByType(db)
