import { infiniteQueryOptions, QueryClient, type QueryFilters, queryOptions } from '@tanstack/react-query'
import { ask, askPage } from './ask.ts'
import type { Args, CallName, Reply } from './contracts.ts'
import { RequestProblem } from './problem.ts'

/** What the server has answered, kept while pages come and go. */
export const queryClient = new QueryClient({
  defaultOptions: {
    // Who decides something while the browser is offline is told at once, instead of its happening at some time later.
    mutations: { networkMode: 'always' },
    queries: {
      staleTime: 15_000,
      // What was refused stays refused; only what never arrived, or met a pause, is tried again.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof RequestProblem) || [0, 502, 503, 504].includes(error.status)),
    },
  },
})

type ArgsGiven<N extends CallName> = Record<never, never> extends Args<N> ? [args?: Args<N>] : [args: Args<N>]

/** A GET as a query: its name and arguments are its key, so `invalidate('GET /v1/tokens')` reaches all its pages. */
export const query = <N extends CallName>(name: N, ...[args]: ArgsGiven<N>) =>
  queryOptions<Reply<N>>({
    queryKey: [name, args ?? {}],
    queryFn: ({ signal }) => ask(name, { ...args, signal } as never),
  })

/**
 * For loaders of routes: what a page cannot begin without is on its way together with the page's own code. Were it asked for
 * only when the page stands, React would hold the page back for 300 ms after the skeleton in its place. What fails is told
 * by the page, which asks for the same.
 */
export const begun = <N extends CallName>(name: N, ...args: ArgsGiven<N>): Promise<unknown> =>
  queryClient.ensureQueryData(query(name, ...args)).catch(() => undefined)

/** A list that is read page by page; `data.pages.flatMap(…)`. */
export const pages = <N extends CallName>(name: N, ...[args]: ArgsGiven<N>) =>
  infiniteQueryOptions({
    queryKey: [name, args ?? {}, 'pages'],
    queryFn: ({ signal, pageParam }) => {
      const { query: asked, ...rest } = (args ?? {}) as { query?: object }
      return askPage(name, { ...rest, query: { ...asked, cursor: pageParam ?? undefined }, signal } as never)
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })

/**
 * After a change: what pages show is asked again, and what none shows is forgotten. A page opened next begins with what is
 * there now; begun with what was before, it would ask for parts that are there no more.
 */
export const renew = (filters: QueryFilters): Promise<unknown> => {
  queryClient.removeQueries({ ...filters, type: 'inactive' })
  return queryClient.invalidateQueries(filters)
}

/** After a change: what was answered to these calls is asked again. */
export const invalidate = (...names: CallName[]): Promise<unknown> =>
  Promise.all(names.map((name) => renew({ queryKey: [name] })))
