import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Actor } from '#src/access/caller.ts'
import type { Changer } from '#src/database/change.ts'
import { type DemoAsk, writeDemo } from './demo/write-demo.ts'
import { importGroupToHierarchy } from './import-group-to-hierarchy.ts'
import { importHierarchy } from './import-hierarchy.ts'
import { importNames } from './import-names.ts'
import { importResources } from './import-resources.ts'
import { importSlurmLogs } from './import-slurm-logs.ts'
import type { StageNeeds } from './stage-slurm-logs.ts'

/** Fills an empty installation with the made-up centre, through the same acts that import anyone's logs. */
export async function loadDemo(
  needs: StageNeeds & { change: Changer },
  actor: Actor,
  ask: Omit<DemoAsk, 'directory'>,
): Promise<{ jobs: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'tessera-demo-'))
  try {
    const files = await writeDemo({ ...ask, directory })
    const complain = (text: string): never => {
      throw new Error(`the demo is not what the imports expect: ${text}`)
    }
    await needs.change(actor, async (change) => {
      await importResources(change, files.resources)
      await importNames(change, files.names, complain)
      await importHierarchy(change, files.hierarchy, complain)
      await importGroupToHierarchy(change, files.groupToHierarchy, complain)
    })
    let jobs = 0
    for (const { resource, file } of files.logs) {
      const report = { badLine: ({ reason }: { reason: string }) => complain(reason), warning: complain }
      jobs += (await importSlurmLogs(needs, actor, { resource, files: [file] }, report)).added
    }
    return { jobs }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
