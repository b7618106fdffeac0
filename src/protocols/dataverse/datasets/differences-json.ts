import { blockNamed } from '#src/datasets/blocks/blocks.ts'
import { type compareVersions, differenceNumbers } from '#src/datasets/compare-versions.ts'
import { writeTime } from '../times.ts'

type Differences = Awaited<ReturnType<typeof compareVersions>>
type File = Differences['files']['added'][number]

/** What differs between two versions, as Dataverse tells it. */
export function differencesJson(differences: Differences) {
  const { before, after, metadata, terms, files } = differences
  const numbers = differenceNumbers(differences)
  const blocks = [...new Set(metadata.map(({ block }) => block))]
  return {
    ...(before && {
      oldVersion: { versionNumber: numbers.before ?? '', lastUpdatedDate: writeTime(before.updated_at) },
    }),
    newVersion: { versionNumber: numbers.after, lastUpdatedDate: writeTime(after.updated_at) },
    metadataChanges: blocks.map((block) => ({
      blockName: blockNamed(block)?.displayName ?? block,
      changed: metadata
        .filter((one) => one.block === block)
        .map((one) => changed(one.displayName, asText(one.before), asText(one.after))),
    })),
    filesAdded: files.added.map(fileJson),
    filesRemoved: files.removed.map(fileJson),
    filesReplaced: files.replaced.map((one) => ({ oldFile: fileJson(one.before), newFile: fileJson(one.after) })),
    fileChanges: files.changed.map((one) => ({
      fileName: one.after.label,
      fileId: one.after.file_id,
      changed: one.members.map((name) =>
        changed(name, asText(one.before[name as keyof File]), asText(one.after[name as keyof File])),
      ),
    })),
    TermsOfAccess: { changed: terms.map((one) => changed(one.name, one.before ?? '', one.after ?? '')) },
  }
}

const changed = (fieldName: string, oldValue: string, newValue: string) => ({ fieldName, oldValue, newValue })

const fileJson = ({ file_id, label, directory, description, media_type, restricted, md5 }: File) => ({
  fileName: label,
  ...(directory !== '' && { filePath: directory }),
  MD5: md5,
  type: media_type,
  fileId: file_id,
  description,
  isRestricted: restricted,
})

/** Values of a field in one line. */
function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(asText).join('; ')
  return typeof value === 'object' ? Object.values(value).map(asText).join(' ') : String(value)
}
