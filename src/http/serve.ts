import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import type { Caller } from '#src/access/caller.ts'
import type { Change, Changer } from '#src/database/change.ts'
import { authenticator, type Verifiers } from './authenticate.ts'
import {
  type BodyOf,
  type Endpoint,
  isMutating,
  isStreamed,
  type ParamsOf,
  type QueryOf,
  type ReplyOf,
} from './endpoint.ts'
import { type AwaitRun, runHolder } from './hold-run.ts'
import { checkIdempotency, idempotencyKeeper } from './idempotency.ts'
import { changeOpener } from './one-change.ts'
import { permissionChecker } from './permission.ts'
import { BrokenPromise, presenter, type Ready } from './present.ts'
import type { RateLimiting } from './rate-limit.ts'
import type { Call, CallOf, RequestFacts } from './request.ts'
import { Response } from './respond.ts'
import type { Sender } from './send.ts'
import { partsOf, streamedBody } from './streamed-body.ts'
import { partReader } from './validate.ts'

/** What a handler is given: who asks, what is asked, and the change to do it in. */
export interface Ask<E extends Endpoint = Endpoint> {
  readonly caller: Caller
  readonly params: ParamsOf<E>
  readonly query: QueryOf<E>
  readonly body: BodyOf<E>
  /** The transaction of a mutating endpoint; reading ones, and those that open theirs, have none. */
  readonly change: E extends { method: 'GET' } | { reads: true } | { opensChange: true } ? undefined : Change
  readonly request: RequestFacts
}

export type Answer<E extends Endpoint> = ReplyOf<E> | Response<ReplyOf<E>>

/** A promise together with what keeps it. */
export interface Route {
  readonly contract: Endpoint
  readonly handler: (ask: never) => unknown
}

/** Wires a promise to an act. Wrong parameters or a wrong reply fail to compile. */
export const route = <const E extends Endpoint, const A extends Answer<E>>(
  contract: E,
  handler: (ask: Ask<E>) => A | Promise<A>,
): Route => ({ contract, handler })

export interface Duties {
  readonly verifiers: Verifiers
  readonly siteAddress: string | null
  readonly changer: Changer
  readonly limits: RateLimiting
  readonly callOf: CallOf
  readonly send: Sender
  readonly awaitRun?: AwaitRun | undefined
}

/**
 * Pays what an endpoint owes, in this order: who is asking, how often, for which resource, with which permission;
 * then the query, the body, one transaction if it changes something (with its audit notes and idempotency record),
 * the act, the reply in its promised shape, held where a run is waited for. Everything is looked up once here; a request only walks through.
 */
export function serve(app: FastifyInstance, { contract, handler }: Route, duties: Duties): void {
  checkIdempotency(contract)
  if (isStreamed(contract) && isMutating(contract) && !contract.opensChange)
    throw new BrokenPromise(contract, 'would hold a transaction while its body comes')
  const authenticate = authenticator(contract, { ...duties, countRefused: duties.limits.countRefused })
  const count = duties.limits.counterOf(contract)
  const readParams = partReader(contract, 'params')
  const named = paramNamer(contract)
  const checkPermission = permissionChecker(contract)
  const perform =
    isMutating(contract) && !contract.opensChange
      ? changing(contract, handler, duties)
      : reading(contract, handler, (request, call) => lookAgain(request, call))

  const letIn =
    (welcome: Welcome): Step =>
    (request, call) => {
      const admitted = (caller: Caller): void => {
        call.caller = caller
        welcome(request, call)
        checkPermission(caller, call.params)
      }
      const caller = authenticate(request, call)
      return caller instanceof Promise ? caller.then(admitted) : admitted(caller)
    }
  const admit = letIn((request, call) => {
    call.admitted = true
    count(call)
    call.params = readParams(named(request.params))
  })
  // Whoever dribbles a body could otherwise act long after the token shown before it was revoked.
  const lookAgain = letIn(() => {})
  const admitLate: Step = (request, call) =>
    performance.now() - call.startedAt < patienceMs ? undefined : lookAgain(request, call)

  // Before the body is read; after it only where a foreign dialect puts the token into it.
  const { dialect, method } = contract
  const inBody = dialect !== undefined && dialect.tokenParameters.length > 0 && !dialect.tokenNeverInBody
  const admission = inBody && method !== 'GET' && !isStreamed(contract) ? 'preHandler' : 'onRequest'
  app.route({
    method: contract.method === 'GET' ? ['GET', 'HEAD'] : (contract.method as HTTPMethods),
    url: routerPath(contract),
    ...(contract.bodyLimit !== undefined && { bodyLimit: contract.bodyLimit }),
    config: { contract },
    [admission]: hook(duties, admit),
    ...(admission === 'onRequest' && contract.method !== 'GET' && { preHandler: hook(duties, admitLate) }),
    handler: (request, reply) => {
      const call = duties.callOf(request, reply.raw)
      const ready = perform(request, call)
      if (ready instanceof Promise)
        ready
          .then((done) => duties.send.reply(reply, call, contract, done))
          .catch((error: unknown) => duties.send.problem(error, request, reply))
      else duties.send.reply(reply, call, contract, ready)
    },
  })
}

/** A rest of the address has no name in the router. */
export const routerPath = ({ path }: Pick<Endpoint, 'path'>): string => path.replace(/\*\w+$/, '*')

function paramNamer({ path }: Endpoint): (params: unknown) => unknown {
  const rest = /\*(\w+)$/.exec(path)?.[1]
  if (rest === undefined) return (params) => params
  return (params) => {
    const { '*': value, ...others } = params as Record<string, string>
    return { ...others, [rest]: value }
  }
}

/** How old an admission may be when the body has come; then it is asked for again. */
const patienceMs = 500

type Welcome = (request: FastifyRequest, call: Call) => void
type Step = (request: FastifyRequest, call: Call) => void | Promise<void>

/** A step as Fastify takes it. Promises only where something really waits: each costs the hot path a turn of the microtask queue. */
const hook =
  ({ callOf }: Duties, step: Step) =>
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    let taken: void | Promise<void>
    try {
      taken = step(request, callOf(request, reply.raw))
    } catch (error) {
      done(error as Error)
      return
    }
    if (taken instanceof Promise) taken.then(() => done(), done)
    else done()
  }

type Perform = (request: FastifyRequest, call: Call) => Ready | Promise<Ready>
type AnyHandler = (ask: Ask) => unknown

function reading(contract: Endpoint, handler: Route['handler'], lookAgain: Step): Perform {
  const readQuery = partReader(contract, 'query')
  const readBody = partReader(contract, 'body')
  const present = presenter(contract)
  if (isStreamed(contract))
    return async (request, call) => {
      const query = readQuery(request.query)
      const stream = streamedBody(request.body, contract, () => lookAgain(request, call))
      const body = contract.body === 'multipart' ? partsOf(stream, contract, call) : stream
      try {
        return present(await (handler as AnyHandler)(askOf(call, query, body, undefined)))
      } finally {
        stream.destroy()
      }
    }
  return (request, call) => {
    const ask = askOf(call, readQuery(request.query), readBody(request.body), undefined)
    const answer = (handler as AnyHandler)(ask)
    return answer instanceof Promise ? answer.then(present) : present(answer)
  }
}

function changing(contract: Endpoint, handler: Route['handler'], duties: Duties): Perform {
  const readQuery = partReader(contract, 'query')
  const readBody = partReader(contract, 'body')
  const present = presenter(contract)
  const openChange = changeOpener(contract, duties.changer)
  const once = idempotencyKeeper(contract)
  const hold = contract.startsRun ? runHolder(contract, duties.awaitRun) : null
  return (request, call) => {
    const query = readQuery(request.query)
    const body = readBody(request.body)
    const done = openChange(call, (change) =>
      once(call, request.body, change.tx, async () => {
        const answer = await (handler as AnyHandler)(askOf(call, query, body, change))
        return { ready: present(answer), unchanged: answer instanceof Response && answer.parts.unchanged === true }
      }),
    )
    return hold ? done.then((ready) => hold(call, ready)) : done
  }
}

const askOf = (call: Call, query: unknown, body: unknown, change: Change | undefined): Ask =>
  ({ caller: call.caller, params: call.params, query, body, change, request: call }) as Ask
