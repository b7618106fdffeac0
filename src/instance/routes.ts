import { type Route, route } from '#src/http/serve.ts'
import * as contract from './contract.ts'
import { type InstanceNeeds, showInstance } from './show-instance.ts'

export function instanceRoutes(needs: InstanceNeeds): Route[] {
  return [route(contract.showInstance, ({ caller }) => showInstance(needs, caller))]
}
