import { durationText } from '#portal/kit/figures.ts'
import { countedStates } from '#portal/runs/delivery-words.ts'
import { RunEnded, RunUnderWay } from '#portal/runs/RunPanel.tsx'
import { isOpen, lengthOf, type Run, stateWords } from '#portal/runs/run-words.ts'
import type { SubscriptionRuns } from './use-subscription-runs.ts'

/** The run that is under way, or has just ended; nothing else. */
export function DeliveryPanel({ runs: { run, dismiss } }: { runs: SubscriptionRuns }) {
  if (run === null) return null
  return isOpen(run) ? <RunUnderWay run={run} what="run" /> : <Ended run={run} onClose={dismiss} />
}

function Ended({ run, onClose }: { run: Run; onClose: () => void }) {
  const took = lengthOf(run, Date.now())
  const whole = run.state === 'succeeded'
  const came = [countedStates(run.counts) || run.progress.text, took === null ? '' : `in ${durationText(took)}`]
  return (
    <RunEnded
      run={run}
      title={whole ? 'The report is delivered' : stateWords[run.state]}
      color={whole ? 'teal' : run.state === 'partially_failed' ? 'orange' : 'gray'}
      onClose={onClose}
    >
      {came.filter(Boolean).join(', ')}.
    </RunEnded>
  )
}
