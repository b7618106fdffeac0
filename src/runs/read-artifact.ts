import type { Readable } from 'node:stream'
import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { getRun } from './get-run.ts'
import { mayReadArtifacts } from './may-see-run.ts'
import { artifactExpired, artifactNotFound } from './problems.ts'
import type { Artifact, Run } from './run.ts'
import { findArtifact, findArtifacts, findArtifactsOf } from './store.ts'

/** What a run made; nothing to who may follow the run but not have its rows. */
export async function listArtifacts(needs: { db: Database }, caller: Caller, runId: string): Promise<Artifact[]> {
  const run = await getRun(needs, caller, runId)
  return mayReadArtifacts(caller, run) ? findArtifacts(needs.db, runId) : []
}

/** The same of several runs that were found already. */
export async function listArtifactsOf(
  { db }: { db: Database },
  caller: Caller,
  runs: readonly Run[],
): Promise<Map<string, Artifact[]>> {
  const readable = runs.filter((run) => run.artifacts.total > 0 && mayReadArtifacts(caller, run))
  return Map.groupBy(
    await findArtifactsOf(
      db,
      readable.map(({ id }) => id),
    ),
    ({ runId }) => runId,
  )
}

/** One file of a run, and the way to its content: all of it or a part. */
export async function openArtifact(
  needs: { db: Database; contents: ContentStore },
  caller: Caller,
  runId: string,
  artifactId: string,
): Promise<{ artifact: Artifact; read(range?: { start: number; end: number }): Promise<Readable> }> {
  const run = await getRun(needs, caller, runId)
  const artifact = mayReadArtifacts(caller, run) ? await findArtifact(needs.db, runId, artifactId) : null
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
