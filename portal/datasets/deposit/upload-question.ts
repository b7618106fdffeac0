import type { PickedFile } from './dropped-files.ts'
import { isZip, keyOfChosen, type Placement, type UploadItems } from './upload-items.ts'

/** A file of the draft, as far as a new one may meet it. */
export interface DraftFileName {
  readonly id: number
  readonly path: string
}

/** What has to be known before these are sent. */
export interface Question {
  readonly picked: readonly PickedFile[]
  readonly zips: readonly PickedFile[]
  /** Those whose place is taken, with the number of the file that stands there. */
  readonly taken: readonly { readonly picked: PickedFile; readonly id: number }[]
}

export interface Answer {
  readonly unpack: boolean
  readonly taken: 'replace' | 'keep' | 'skip'
}

export const pathOf = ({ name, directory }: PickedFile): string => (directory === '' ? name : `${directory}/${name}`)

/** What is on its way already, and now given again, was asked about then. */
export function questionOf(
  picked: readonly PickedFile[],
  there: readonly DraftFileName[],
  items: UploadItems,
): Question {
  const byPath = new Map(there.map(({ id, path }) => [path, id]))
  const isNew = ({ file, name, directory }: PickedFile) =>
    items.get(keyOfChosen({ name, directory, bytes: file.size, modified: file.lastModified }))?.state !== 'lost'
  return {
    picked,
    zips: picked.filter((one) => isZip(one.name) && isNew(one)),
    taken: picked.flatMap((one) => {
      const id = byPath.get(pathOf(one))
      return id === undefined || !isNew(one) ? [] : [{ picked: one, id }]
    }),
  }
}

/** The files as they are sent after that. */
export function answered(
  { picked, zips, taken }: Question,
  { unpack, taken: way }: Answer,
): (PickedFile & Placement)[] {
  const ids = new Map(taken.map(({ picked: one, id }) => [one, id]))
  return picked.flatMap((one) => {
    const isUnpacked = unpack && zips.includes(one)
    // What a ZIP is called is of no matter once it is taken apart.
    const id = isUnpacked ? undefined : ids.get(one)
    if (id !== undefined && way === 'skip') return []
    return [
      {
        ...one,
        ...(isUnpacked && { unpack: true }),
        ...(id !== undefined && way === 'replace' && { replaces: id }),
      },
    ]
  })
}
