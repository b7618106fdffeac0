/** Whether one thing that the product needs works; throws or rejects when not. */
export type Check = () => Promise<unknown>

const checkMs = 2_000
const keepMs = 1_000

export interface Health {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>
}

/** Runs all checks side by side, at most once a second however often it is asked. Why one fails is for the log. */
export function makeHealth(
  checks: Readonly<Record<string, Check>>,
  onFailing: (check: string, error: unknown) => void,
): () => Promise<Health> {
  let last: { at: number; health: Promise<Health> } | undefined

  const look = async (): Promise<Health> => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        try {
          await inTime(check())
          return [name, 'ok'] as const
        } catch (error) {
          onFailing(name, error)
          return [name, 'failing'] as const
        }
      }),
    )
    return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) }
  }

  return () => {
    const now = performance.now()
    if (!last || now - last.at > keepMs) last = { at: now, health: look() }
    return last.health
  }
}

async function inTime(work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${checkMs} ms`)), checkMs)
  try {
    await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
