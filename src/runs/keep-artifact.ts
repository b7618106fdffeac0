import type { Database } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { ContentTooLarge } from '#src/files/write-blocks.ts'
import { addRelative } from '#src/settings/relative-time/add-relative.ts'
import { artifactTooLarge } from './problems.ts'
import type { Artifact, NewArtifact, Run, RunWork } from './run.ts'
import { findArtifacts, insertArtifact } from './store.ts'

/** Where the files of runs are kept, and for how long. */
export interface ArtifactKeeper {
  readonly contents: ContentStore
  /** `[files] artifact_lifetime`. */
  readonly lifetime: string
  /** `[files] largest_artifact`. */
  readonly maxBytes: number
  readonly timeZone: string
  readonly clock: { now(): Date }
}

interface KeepNeeds {
  readonly db: Database
  readonly artifacts?: ArtifactKeeper
}

/** What a run's handler does with files. */
export const artifactsOf = (
  { db, artifacts }: KeepNeeds,
  run: Run,
  signal: AbortSignal,
): Pick<RunWork<never>, 'addArtifact' | 'listArtifacts'> => ({
  listArtifacts: () => findArtifacts(db, run.id),
  addArtifact(artifact) {
    if (!artifacts) throw new Error(`${run.kind} makes files, but there is nowhere to keep them`)
    return keepArtifact({ db, artifacts }, run, artifact, signal)
  },
})

/** The content first, then the row that names it: whatever happens between, nobody is told of what is not there. */
async function keepArtifact(
  { db, artifacts }: { db: Database; artifacts: ArtifactKeeper },
  run: Run,
  { name, mediaType, content, expiresAt, onBytes }: NewArtifact,
  signal: AbortSignal,
): Promise<Artifact> {
  const { contents, lifetime, maxBytes, timeZone, clock } = artifacts
  const writing = contents.draft(content, { signal, maxBytes, ...(onBytes && { onBytes }) })
  const draft = await writing.catch((error: unknown) => {
    if (!(error instanceof ContentTooLarge)) throw error
    throw artifactTooLarge({
      detail: `The file would have more than ${maxBytes} bytes.`,
      hint: 'Ask for less, or let an administrator raise [files] largest_artifact.',
    })
  })
  try {
    const { sha256, bytes } = draft
    return await db.transaction().execute(async (tx) => {
      await draft.keep(tx)
      const artifact = await insertArtifact(tx, run, {
        name: fileName(name),
        mediaType,
        sha256,
        bytes,
        expiresAt: expiresAt ?? addRelative(lifetime, clock.now(), timeZone),
      })
      // Another worker has taken the run over.
      if (!artifact) throw new Error('the run is no longer this attempt’s')
      return artifact
    })
  } finally {
    await draft.discard()
  }
}

/** Names may hold what people wrote (titles of reports), but nothing that leads elsewhere or hides what it is. */
function fileName(name: string): string {
  // Controls, separators, and marks that turn text around.
  const plain = name
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return (
    plain
      .replace(/^[. ]+/, '')
      .slice(0, 200)
      .trim() || 'file'
  )
}
