import type { z } from 'zod'
import type { Log } from '#src/database/log.ts'
import type { Health, HealthCheck } from './contract.ts'
import { type Finding, worst } from './finding.ts'

/** One thing whose health is looked at. */
export interface Check {
  readonly name: string
  readonly label: string
  /** What to look after when there is no answer at all. */
  readonly remedy: string
  look(): Promise<Finding>
}

interface HealthNeeds {
  readonly checks: readonly Check[]
  readonly version: string
  readonly startedAt: Date
  readonly clock: { now(): Date }
  readonly log: Log
  /** How long one check may take. Default: 2 s. */
  readonly patienceMs?: number
  /** How long an answer is given again. Default: 1 s. */
  readonly keepMs?: number
}

type Shown = z.input<typeof Health>

/** Looks at everything side by side. What fails, or does not answer in time, says so and holds up nothing else. */
export function makeHealthReport(needs: HealthNeeds): () => Promise<Shown> {
  const { clock, keepMs = 1_000 } = needs
  const looks = needs.checks.map((check) => patient(check, needs))
  let last: { at: number; shown: Promise<Shown> } | undefined

  const report = async (): Promise<Shown> => {
    const checks = await Promise.all(looks.map((look) => look()))
    return {
      state: worst(checks.map(({ state }) => state)),
      checked_at: clock.now().toISOString(),
      started_at: needs.startedAt.toISOString(),
      version: needs.version,
      node_version: process.version,
      platform: `${process.platform} ${process.arch}`,
      checks,
    }
  }

  return () => {
    const now = performance.now()
    if (!last || now - last.at > keepMs) last = { at: now, shown: report() }
    return last.shown
  }
}

/** A look that is still under way is waited for again, not doubled: what hangs must not pile up. */
function patient(
  { name, label, remedy, look }: Check,
  { log, patienceMs = 2_000 }: HealthNeeds,
): () => Promise<z.input<typeof HealthCheck>> {
  let underWay: Promise<Finding> | undefined
  const failing = (says: string): Finding => ({ state: 'failing', says: `${says} ${remedy}`, facts: [] })
  const begin = async (): Promise<Finding> => {
    try {
      return await look()
    } catch (error) {
      log.warn({ err: error, check: name }, 'a health check fails')
      return failing('It cannot be asked; the server’s log says why.')
    } finally {
      underWay = undefined
    }
  }
  return async () => {
    const { promise: late, resolve } = Promise.withResolvers<Finding>()
    const timer = setTimeout(() => resolve(failing(`It did not answer within ${patienceMs / 1000} s.`)), patienceMs)
    underWay ??= begin()
    const { state, says, facts, parts = [] } = await Promise.race([underWay, late])
    clearTimeout(timer)
    return { name, label, state, says, facts, parts }
  }
}
