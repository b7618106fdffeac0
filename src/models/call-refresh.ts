import type { StartCall } from '#src/http/start-calls.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import type { CompiledModel } from './compile-model.ts'

/** How another application asks for a new snapshot of a model. */
export function callRefresh(
  { models, siteAddress }: { models: readonly CompiledModel[]; siteAddress: string },
  name: string,
): StartCall {
  const model = models.find((one) => one.name === name)
  if (!model) throw unknownModel({ detail: `There is no model called ${name}.`, hint: 'GET /v1/models lists them.' })
  return {
    siteAddress,
    path: `/v1/models/${encodeURIComponent(name)}/refreshes`,
    what: `Refresh ${model.catalogue.label}`,
    files: false,
  }
}
