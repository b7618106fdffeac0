import { type Route, route } from '#src/http/serve.ts'
import type { LoadedSettings } from '#src/settings/load-settings.ts'
import * as contract from './contract.ts'
import { listSettings } from './list-settings.ts'
import { type InstanceNeeds, showInstance } from './show-instance.ts'

export interface InstanceRouteNeeds extends InstanceNeeds {
  readonly loaded: LoadedSettings
}

export function instanceRoutes(needs: InstanceRouteNeeds): Route[] {
  return [
    route(contract.showInstance, ({ caller }) => showInstance(needs, caller)),
    route(contract.listSettings, () => listSettings(needs.loaded)),
  ]
}
