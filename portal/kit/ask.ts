import type { Args, CallName, Reply } from './contracts.ts'
import { offline, problemOf, RequestProblem } from './problem.ts'

/** One page of a list: what was answered, and the cursor that leads on. */
export interface Page<T> {
  readonly body: T
  readonly next: string | null
}

interface Ask {
  readonly params?: Record<string, unknown>
  readonly query?: Record<string, unknown>
  readonly body?: unknown
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

/** Asks the person to sign in again; resolves once they have, to false when they would rather not. */
let signInAgain: () => Promise<boolean> = () => Promise.resolve(false)

/** The frame hands in how to sign in again; a call that meets an ended session waits for that and is then sent once more. */
export const onSessionEnded = (handler: typeof signInAgain): void => {
  signInAgain = handler
}

/** For what learns otherwise than by a refusal that the session has ended: whether somebody is signed in again. */
export const sessionEnded = (): Promise<boolean> => signInAgain()

/** The id of whom the page stands for; null for a visitor. */
let whoAsks: () => string | null = () => null

/** The frame hands in whose page this is. */
export const askAs = (who: typeof whoAsks): void => {
  whoAsks = who
}

/**
 * Tells the server whose page asks. It refuses where somebody else has signed in meanwhile in another window of this
 * browser, so that nothing is done in a name that the page doesn't show.
 */
export function expectedAccount(): { 'x-expected-account'?: string } {
  const account = whoAsks()
  return account === null ? {} : { 'x-expected-account': account }
}

/** Those that begin and end a session themselves: nothing to sign in again for. */
const bySignIn: readonly string[] = ['POST /v1/session', 'DELETE /v1/session'] satisfies CallName[]

/** Those, and the one that tells who is signed in, ask whoever it is. */
const byAnybody: readonly string[] = [...bySignIn, 'GET /v1/instance' satisfies CallName]

/**
 * Calls an endpoint by its name, `'POST /v1/tokens'`; arguments and reply have the types of its contract. Throws a
 * `RequestProblem` for everything that isn't the promised reply.
 */
export async function ask<N extends CallName>(
  name: N,
  ...[args]: Record<never, never> extends Args<N> ? [args?: Args<N>] : [args: Args<N>]
): Promise<Reply<N>> {
  return (await readBody(await send(name, args as Ask | undefined))) as Reply<N>
}

/** The same for a list: also says where the next page begins. */
export async function askPage<N extends CallName>(
  name: N,
  ...[args]: Record<never, never> extends Args<N> ? [args?: Args<N>] : [args: Args<N>]
): Promise<Page<Reply<N>>> {
  const reply = await send(name, args as Ask | undefined)
  return { body: (await readBody(reply)) as Reply<N>, next: nextCursor(reply.headers.get('link')) }
}

/** The reply itself, for streams, other media types and headers. */
export const askRaw = <N extends CallName>(name: N, args: Args<N>): Promise<Response> => send(name, args as Ask)

/** The address of a GET, for links and downloads. */
export function addressOf<N extends CallName>(
  name: N,
  args: Pick<Args<N>, Extract<keyof Args<N>, 'params' | 'query'>>,
): string {
  return urlOf(name, args as Ask)
}

async function send(name: string, args: Ask = {}): Promise<Response> {
  const reply = await fetchOnce(name, args)
  if (reply.ok || reply.status === 304) return reply
  const problem = await problemOf(reply)
  if (problem.status !== 401 || bySignIn.includes(name) || !(await signInAgain())) throw problem
  const again = await fetchOnce(name, args)
  if (!again.ok) throw await problemOf(again)
  return again
}

async function fetchOnce(name: string, args: Ask): Promise<Response> {
  const [method = 'GET'] = name.split(' ', 1)
  const { body, headers, signal } = args
  try {
    return await fetch(urlOf(name, args), {
      method,
      headers: {
        accept: 'application/json, application/problem+json;q=0.9, */*;q=0.1',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(!byAnybody.includes(name) && expectedAccount()),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
      credentials: 'same-origin',
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw offline()
  }
}

function urlOf(name: string, { params = {}, query = {} }: Ask): string {
  const path = name
    .slice(name.indexOf(' ') + 1)
    .replace(/:([a-z_]+)/g, (_, key: string) => encodeURIComponent(String(params[key])))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

async function readBody(reply: Response): Promise<unknown> {
  if (reply.status === 204 || reply.headers.get('content-length') === '0') return undefined
  const text = await reply.text()
  return text === '' ? undefined : JSON.parse(text)
}

/** Where the page after this one begins, from the reply’s `Link`. */
export const nextCursor = (link: string | null): string | null => {
  const target = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1]
  return target === undefined ? null : new URL(target, window.location.href).searchParams.get('cursor')
}

export const isRefused = (error: unknown, code: string): boolean =>
  error instanceof RequestProblem && error.code === code
