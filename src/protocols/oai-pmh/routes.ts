import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { answerHarvester, type HarvestNeeds } from './answer-harvester.ts'
import * as contract from './contract.ts'

export function oaiRoutes(needs: HarvestNeeds & { readonly clock: { now(): Date } }): Route[] {
  const answer = async (given: Readonly<Record<string, string | readonly string[]>>) =>
    respond({ body: await answerHarvester(needs, given, needs.clock.now()), type: 'text/xml; charset=utf-8' })
  return [
    route(contract.harvest, ({ query }) => answer(query)),
    route(contract.harvestByForm, ({ body }) => answer(body ?? {})),
  ]
}
