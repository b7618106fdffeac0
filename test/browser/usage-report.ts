import type { APIRequestContext } from 'playwright-core'

/** A report over the jobs of the made-up cluster, as somebody would make it in the portal. */
export const usageReport = {
  id: 'usage',
  title: 'Usage',
  description: 'What the cluster did.',
  shared_with: 'viewer',
  definition: {
    parameters: [{ type: 'choice', name: 'queue', label: 'Queue', model: 'jobs', dimension: 'queue', multiple: true }],
    blocks: [
      {
        type: 'number',
        id: 'jobs',
        title: 'Jobs',
        query: {
          model: 'jobs',
          metrics: ['job_count'],
          filters: [{ dimension: 'queue', values: { parameter: 'queue' } }],
        },
      },
      {
        type: 'table',
        id: 'by_queue',
        title: 'By queue',
        query: {
          model: 'jobs',
          metrics: ['job_count', 'total_cpu_hours'],
          dimensions: ['queue'],
          filters: [{ dimension: 'queue', values: { parameter: 'queue' } }],
          totals: true,
        },
      },
    ],
  },
} as const

/** Asks the API as whoever that context is signed in as; throws what is refused. */
export async function askApi<T>(
  context: { readonly request: APIRequestContext },
  origin: string,
  method: string,
  path: string,
  data?: unknown,
): Promise<T> {
  const reply = await context.request.fetch(origin + path, {
    method,
    ...(data !== undefined && { data }),
    headers: { origin },
  })
  if (!reply.ok()) throw new Error(`${method} ${path}: ${reply.status()} ${await reply.text()}`)
  const text = await reply.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}
