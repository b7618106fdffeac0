/** Stands in for a press's process, and does what the real one hopefully never does: `crash`, `hang`, `complain`. */
import type { ChildMessage } from '#src/documents/children.ts'

process.on('message', (order: string) => {
  const memory = order === 'fat' ? Number.MAX_SAFE_INTEGER : 1
  const answer = (how: { done: string } | { failed: string; hopeless?: boolean }): void => {
    const message: ChildMessage<string> = { ...how, memory }
    process.send?.(message)
  }
  if (order === 'crash') process.abort()
  else if (order === 'hang') for (;;);
  else if (order === 'complain') answer({ failed: 'it has a stomach ache' })
  else if (order === 'hopeless') answer({ failed: 'too big', hopeless: true })
  else answer({ done: `${order} by ${process.pid}` })
})
process.on('disconnect', () => process.exit())
