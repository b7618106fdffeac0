import { VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type Draft, missingIn, type Step, steps } from './draft.ts'
import style from './EditorSteps.module.css'

export const stepLabels: Readonly<Record<Step, string>> = {
  report: 'Report',
  frequency: 'Frequency',
  destinations: 'Destinations',
  review: 'Review',
}

/** The four steps, each at an address of its own; one may go to any of them at any time. */
export function EditorSteps({ draft, now }: { draft: Draft; now: Step }) {
  return (
    <nav aria-label="Steps">
      <ol className={style.steps}>
        {steps.map((step, at) => {
          const done = at < steps.indexOf(now) && missingIn(step, draft).length === 0
          return (
            <li key={step}>
              <Link
                to="."
                search={{ step }}
                replace
                resetScroll={false}
                className={style.step}
                activeProps={{ 'aria-current': undefined }}
                aria-current={step === now ? 'step' : undefined}
                data-done={done || undefined}
              >
                <span className={style.number}>{at + 1}</span> {stepLabels[step]}
                {done && <VisuallyHidden>, done</VisuallyHidden>}
              </Link>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
