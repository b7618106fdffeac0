import type { Change } from '#src/database/change.ts'
import { unreadableImport } from './problems.ts'
import { readResourceFile } from './resource-file.ts'
import * as store from './store.ts'

/**
 * Brings in organizations and resources with their properties. A resource named again gets the new properties and
 * specifications; those that the file does not name stay as they are.
 */
export async function importResources(change: Change, file: string): Promise<{ resources: number }> {
  const { organizations, resources } = await readResourceFile(file)
  const { tx } = change
  for (const { abbreviation, name } of organizations) await store.upsertOrganization(tx, abbreviation, name)
  for (const resource of resources) {
    const organizationId = await store.organizationId(tx, resource.organization)
    if (organizationId === undefined) {
      throw unreadableImport({
        detail: `${file}: resource "${resource.code}" belongs to the organization "${resource.organization}", which is not known.`,
        hint: 'List it under organizations with its abbreviation and name.',
      })
    }
    const properties = {
      code: resource.code,
      name: resource.name,
      type: resource.type,
      allocationType: resource.allocation_type,
      organizationId,
      timeZone: resource.time_zone,
      piColumn: resource.pi_column,
      hostFilter: resource.host_filter,
    }
    const specifications = resource.specifications.map((spec) => ({
      validFrom: spec.valid_from,
      validTo: spec.valid_to,
      nodes: spec.nodes,
      cores: spec.cores,
      gpus: spec.gpus,
      sharePercent: spec.share_percent,
    }))
    await store.upsertResource(tx, properties, specifications)
    change.note({
      verb: 'resource.changed',
      subjectType: 'resource',
      subjectId: resource.code,
      detail: { file, ...properties },
    })
  }
  if (organizations.length > 0 && resources.length === 0) {
    change.note({ verb: 'import.committed', subjectType: 'import', subjectId: 'organizations', detail: { file } })
  }
  return { resources: resources.length }
}
