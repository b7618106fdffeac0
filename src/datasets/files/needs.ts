import type { z } from 'zod'
import type { Changer, Tx } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { dayIn } from '#src/warehouse/period.ts'
import type { DatasetNeeds } from '../needs.ts'
import type { DownloadCounts } from './count-downloads.ts'
import type { fileMail } from './jobs.ts'

/** What acts on files of datasets take. */
export interface FileNeeds extends DatasetNeeds {
  readonly contents: ContentStore
  readonly changer: Changer
  /** In which a day begins, for embargoes. */
  readonly timeZone: string
  readonly downloads: DownloadCounts
  /** Sends a mail once the change commits; null: nobody is told. */
  readonly tellPeople: ((tx: Tx, mail: z.output<(typeof fileMail)['data']>) => Promise<void>) | null
  /** In bytes: `[files] largest_file`, `largest_dataset`, `zip_download_limit`, `table_download_limit`. */
  readonly limits: { readonly file: number; readonly dataset: number; readonly zip: number; readonly table: number }
}

export const todayOf = ({ clock, timeZone }: Pick<FileNeeds, 'clock' | 'timeZone'>): string =>
  dayIn(timeZone, clock.now())
