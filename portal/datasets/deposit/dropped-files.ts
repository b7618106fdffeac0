import { cleanDirectory, directoryOf, isLitter, keptName } from './upload-items.ts'

/** A file as it was chosen or dropped, with the folders that it stood in. */
export interface PickedFile {
  readonly file: File
  /** As it will be called. */
  readonly name: string
  readonly directory: string
}

/** What a file field gave; with folders where one was chosen. */
export const pickedFiles = (files: Iterable<File>): PickedFile[] =>
  [...files]
    .filter(({ name }) => !isLitter(name))
    .map((file) => ({ file, name: keptName(file.name), directory: directoryOf(file.webkitRelativePath ?? '') }))

/** What was dropped, folders read to their depths. Has to be called in the event itself: later the browser forgets it. */
export async function droppedFiles(data: DataTransfer): Promise<PickedFile[]> {
  const entries = [...data.items].flatMap((item) => (item.kind === 'file' ? [item.webkitGetAsEntry?.() ?? null] : []))
  // Taken at once as well: some browsers have no entries, and what scripts drop may have none.
  const loose = [...data.files]
  if (entries.length === 0 || entries.some((entry) => entry === null)) return pickedFiles(loose)
  const found = await Promise.all(entries.map((entry) => filesIn(entry as FileSystemEntry)))
  return found.flat().filter(({ file }) => !isLitter(file.name))
}

async function filesIn(entry: FileSystemEntry): Promise<PickedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [
      { file, name: keptName(file.name), directory: cleanDirectory(entry.fullPath.split('/').slice(0, -1).join('/')) },
    ]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const children: FileSystemEntry[] = []
  // It gives a hundred at a time.
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (more.length === 0) break
    children.push(...more)
  }
  return (await Promise.all(children.map(filesIn))).flat()
}
