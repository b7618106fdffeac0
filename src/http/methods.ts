import type { FastifyInstance, FastifyReply, HTTPMethods } from 'fastify'
import type { Cors } from './cors.ts'
import { methodNotAllowed } from './problems.ts'
import type { CallOf } from './request.ts'
import type { Sender } from './send.ts'
import { type Route, routerPath } from './serve.ts'

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Answers every other method at the addresses we serve: OPTIONS with what there is, the rest with 405 and `Allow`. */
export function refuseOtherMethods(
  app: FastifyInstance,
  routes: readonly Route[],
  needs: { cors: Cors; callOf: CallOf; send: Sender },
): void {
  for (const { path, served } of addressesOf(routes)) {
    const allow = [...served, 'OPTIONS'].join(', ')
    const contract = routes.find((route) => route.contract.path === path)?.contract
    app.route({
      method: methods.filter((method) => !served.has(method)),
      url: routerPath({ path }),
      config: { contract },
      onRequest: (_request, _reply, done) =>
        done(methodNotAllowed({ detail: `It takes ${allow}.`, headers: { allow } })),
      handler: () => {},
    })
    app.options(routerPath({ path }), { config: { contract } }, (request, reply: FastifyReply) => {
      const headers = { allow, ...contract?.optionsHeaders, ...needs.cors.preflightFor(request.raw, allow) }
      needs.send.reply(reply, needs.callOf(request, reply.raw), contract, { status: 204, headers, payload: null })
    })
  }
}

/** One entry for each address, however its parameters are called by different methods. */
function addressesOf(routes: readonly Route[]): Iterable<{ path: string; served: Set<string> }> {
  const addresses = new Map<string, { path: string; served: Set<string> }>()
  for (const { contract } of routes) {
    const key = contract.path.replace(/([:*])[^/]+/g, '$1')
    const address = addresses.get(key) ?? { path: contract.path, served: new Set() }
    address.served.add(contract.method)
    if (contract.method === 'GET') address.served.add('HEAD')
    addresses.set(key, address)
  }
  return addresses.values()
}
