import type { Readable } from 'node:stream'
import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { getRun } from './get-run.ts'
import { type MayReadMade, mayReadArtifacts } from './may-see-run.ts'
import { artifactExpired, artifactNotFound } from './problems.ts'
import type { Artifact, Run } from './run.ts'
import { findArtifact, findArtifacts, findArtifactsOf } from './store.ts'

interface ReadNeeds {
  readonly db: Database
  readonly mayReadMade?: MayReadMade | undefined
}

const mayRead = ({ mayReadMade }: ReadNeeds, caller: Caller, run: Run): boolean =>
  mayReadArtifacts(caller, run) && (mayReadMade?.(caller, run) ?? true)

/** What a run made; nothing to who may follow the run but not have its rows. */
export async function listArtifacts(needs: ReadNeeds, caller: Caller, runId: string): Promise<Artifact[]> {
  const run = await getRun(needs, caller, runId)
  return mayRead(needs, caller, run) ? findArtifacts(needs.db, runId) : []
}

/** The same of several runs that were found already. */
export async function listArtifactsOf(
  needs: ReadNeeds,
  caller: Caller,
  runs: readonly Run[],
): Promise<Map<string, Artifact[]>> {
  const readable = runs.filter((run) => run.artifacts.total > 0 && mayRead(needs, caller, run))
  return Map.groupBy(
    await findArtifactsOf(
      needs.db,
      readable.map(({ id }) => id),
    ),
    ({ runId }) => runId,
  )
}

/** One file of a run, and the way to its content: all of it or a part. */
export async function openArtifact(
  needs: ReadNeeds & { readonly contents: ContentStore },
  caller: Caller,
  runId: string,
  artifactId: string,
): Promise<{ artifact: Artifact; read(range?: { start: number; end: number }): Promise<Readable> }> {
  const run = await getRun(needs, caller, runId)
  const artifact = mayRead(needs, caller, run) ? await findArtifact(needs.db, runId, artifactId) : null
  if (!artifact) throw artifactNotFound()
  const gone = () => artifactExpired({ detail: `${artifact.name} was kept until ${artifact.expiresAt.toISOString()}.` })
  if (artifact.expired) throw gone()
  return {
    artifact,
    async read(range) {
      const content = await needs.contents.read(artifact.sha256, range)
      if (!content) throw gone()
      return content
    },
  }
}
