import { countedText, durationText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { RunEnded, RunUnderWay } from '#portal/runs/RunPanel.tsx'
import { isOpen, lengthOf, type Run } from '#portal/runs/run-words.ts'
import type { Refresh } from './use-refresh.ts'

/** The refresh that is under way, or has just ended; nothing else. */
export function RefreshPanel({ refresh: { run, behind, problem, dismiss, again } }: { refresh: Refresh }) {
  return (
    <>
      {problem && <ProblemAlert error={problem} retry={again} />}
      {run && (isOpen(run) || behind) && (
        <RunUnderWay run={run} what="refresh" meanwhile="What is read meanwhile is the data from before." />
      )}
      {run && !isOpen(run) && !behind && <Ended run={run} onClose={dismiss} />}
    </>
  )
}

function Ended({ run, onClose }: { run: Run; onClose: () => void }) {
  const took = lengthOf(run, Date.now())
  const done = run.state === 'succeeded'
  return (
    <RunEnded
      run={run}
      title={done ? 'The new data are there' : 'The refresh was cancelled'}
      color={done ? 'teal' : 'gray'}
      onClose={onClose}
    >
      {done
        ? `${countedText(run.counts.rows ?? 0, 'row')}${took === null ? '' : ` in ${durationText(took)}`}.`
        : 'The data from before are still read.'}
    </RunEnded>
  )
}
