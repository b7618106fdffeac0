/** What the server answers when something can't be done (RFC 9457), with the members that it always adds. */
export interface ProblemDocument {
  readonly type?: string
  readonly title: string
  readonly status: number
  readonly code?: string
  readonly detail?: string
  /** What to do next. */
  readonly hint?: string
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly detail: string }[]
  readonly request_id?: string
}

/** A request that was refused or failed. `status` 0: it never reached the server. */
export class RequestProblem extends Error {
  readonly document: ProblemDocument

  constructor(document: ProblemDocument) {
    super(document.detail ?? document.title)
    this.name = 'RequestProblem'
    this.document = document
  }

  get status(): number {
    return this.document.status
  }

  get code(): string | undefined {
    return this.document.code
  }
}

const unreachable: ProblemDocument = {
  title: 'The server cannot be reached',
  status: 0,
  hint: 'Check your connection and try again; nothing was lost.',
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(error: unknown): ProblemDocument {
  if (error instanceof RequestProblem) return error.document
  return { title: 'Something went wrong on this page', status: 0, detail: String((error as Error)?.message ?? error) }
}

export const offline = (): RequestProblem => new RequestProblem(unreachable)

/** Reads the problem out of a reply that is none of the promised ones. */
export async function problemOf(reply: Response): Promise<RequestProblem> {
  const text = await reply.text().catch(() => '')
  const requestId = reply.headers.get('x-request-id')
  try {
    const document = JSON.parse(text) as ProblemDocument
    if (typeof document.title === 'string') return new RequestProblem({ ...document, status: reply.status })
  } catch {
    // No JSON: a proxy's page, say.
  }
  return new RequestProblem({
    title: `The server answered ${reply.status}`,
    status: reply.status,
    ...(requestId !== null && { request_id: requestId }),
  })
}

/** The complaints of a refused form by the names of its fields; what belongs to no field stays out. */
export function fieldErrors(error: unknown): Record<string, string> {
  const { errors = [] } = asProblem(error)
  return Object.fromEntries(
    errors.flatMap(({ pointer, parameter, detail }) => {
      const field = parameter ?? pointer?.replace(/^#?\/(?:body\/)?/, '').split('/', 1)[0]
      return field ? [[field, detail] as const] : []
    }),
  )
}
