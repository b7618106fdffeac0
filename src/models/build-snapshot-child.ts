import { BuildRefused } from './build-refused.ts'
import { type BuildOrder, type BuildStep, type Built, buildSnapshot } from './build-snapshot.ts'

/** What the builder's process says to the one that started it. */
export type BuilderMessage =
  | { readonly step: BuildStep }
  | { readonly said: string }
  | { readonly built: Built }
  | { readonly refused: string }
  | { readonly failed: string }

const tell = (message: BuilderMessage): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, () => resolve())
  })

// Whoever started us is gone, so nobody would use what we build.
process.once('disconnect', () => process.exit(1))

process.once('message', async (order: BuildOrder) => {
  try {
    await tell({
      built: await buildSnapshot(order, { step: (step) => void tell({ step }), say: (said) => void tell({ said }) }),
    })
  } catch (error) {
    if (error instanceof BuildRefused) await tell({ refused: error.message })
    else await tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
  process.disconnect?.()
})
