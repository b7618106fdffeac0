/** No answer is held for longer. */
const longestWaitSeconds = 30

/** `Prefer: wait=n` (RFC 7240) in milliseconds, as far as we go along with it; null where it is not asked for. */
export function waitOf(prefer: string | string[] | undefined): number | null {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(String(prefer ?? ''))?.[1]
  return seconds === undefined ? null : Math.min(Number(seconds), longestWaitSeconds) * 1000
}

export const waitApplied = (waitMs: number): { 'preference-applied': string } => ({
  'preference-applied': `wait=${waitMs / 1000}`,
})
