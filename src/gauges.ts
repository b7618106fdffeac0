import { Gauge, type Registry } from 'prom-client'
import type { Lease } from '#src/database/lease.ts'
import type { LiveModels } from '#src/models/live-models.ts'
import type { TokenVerifier } from '#src/tokens/verify-token.ts'

export interface GaugeNeeds {
  readonly verifier: Pick<TokenVerifier, 'malformed'>
  readonly lease: Pick<Lease, 'held'>
  readonly live: Pick<LiveModels, 'models' | 'snapshot'>
  readonly clock: { now(): Date }
  readonly schedules: () => Promise<{ active: number; overdue: number }>
}

/** What an operator should hear of before users do; each figure is looked up when `/metrics` is read. */
export function registerGauges(registry: Registry, needs: GaugeNeeds): void {
  const { verifier, lease, live, clock, schedules } = needs
  const register = (
    name: string,
    help: string,
    collect: (gauge: Gauge) => void | Promise<void>,
    labelNames: string[] = [],
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        return collect(this)
      },
    })
  register('tessera_tokens_malformed', 'Texts shown as tokens that cannot be any, since the start', (gauge) =>
    gauge.set(verifier.malformed()),
  )
  register('tessera_lease_held', '1 while tokens may be verified from memory; 0 asks the database each time', (gauge) =>
    gauge.set(lease.held() ? 1 : 0),
  )
  register('tessera_schedules_active', 'Schedules with a planned time still to come', async (gauge) =>
    gauge.set((await schedules()).active),
  )
  register(
    'tessera_schedules_overdue',
    'Schedules whose planned time passed more than a minute ago and that nobody took',
    async (gauge) => gauge.set((await schedules()).overdue),
  )
  const ofModels = (name: string, help: string, value: (model: string) => number | null) =>
    register(
      name,
      help,
      (gauge) => {
        gauge.reset()
        for (const model of live.models) {
          const figure = value(model)
          if (figure !== null) gauge.set({ model }, figure)
        }
      },
      ['model'],
    )
  ofModels('tessera_model_age_seconds', 'Time since the last refresh of a model that is read', (model) => {
    const snapshot = live.snapshot(model)
    return snapshot && (clock.now().getTime() - snapshot.finishedAt.getTime()) / 1000
  })
  ofModels('tessera_model_rows', 'Rows of the facts table that is read', (model) => live.snapshot(model)?.rows ?? null)
}
