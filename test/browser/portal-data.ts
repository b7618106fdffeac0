import { setTimeout as sleep } from 'node:timers/promises'
import { actor, localCaller } from '#src/access/caller.ts'
import { loadDemo } from '#src/imports/load-demo.ts'
import { requestRefresh } from '#src/models/request-refresh.ts'
import { getRun } from '#src/runs/get-run.ts'
import type { TestProduct } from '#test/product.ts'

export type PortalData = 'none' | 'small' | 'demo'

const amounts = { small: { jobs: 1500, days: 60 }, demo: { jobs: 10_000, days: 730 } } as const
const models = { small: ['jobs'], demo: ['jobs', 'flights'] } as const
const caller = localCaller('system', 'browser tests')

/** Gives a portal something to show, through the same acts that fill a new installation. */
export async function fillPortal({ base, runs, models: live }: TestProduct, data: PortalData): Promise<void> {
  if (data === 'none') return
  const { db, change, places, settings } = base
  const needs = { db, change, importsDirectory: places.imports, timeZone: settings.general.timeZone }
  await loadDemo(needs, actor(caller), { now: new Date(), ...amounts[data] })
  for (const model of models[data]) {
    const { run } = await change(actor(caller), (made) =>
      requestRefresh({ runs, modelNames: live.models }, made, model, { cause: 'browser tests' }),
    )
    let ended = await getRun(base, caller, run.id)
    while (!ended.finishedAt) {
      await sleep(50)
      ended = await getRun(base, caller, run.id)
    }
    if (ended.state !== 'succeeded') throw new Error(`${model} could not be refreshed: ${ended.error?.message}`)
  }
  await live.catchUp()
}
