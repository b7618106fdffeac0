import { Code } from '@mantine/core'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { durationText } from '#portal/kit/figures.ts'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import { RunStateBadge } from './RunStateBadge.tsx'
import { lateness, type Run, reasonOf, triggerWords } from './run-words.ts'
import { SubjectLink } from './SubjectLink.tsx'
import { useLength } from './use-length.ts'

/** Everything about a run that fits in a word or two. */
export function RunFacts({ run }: { run: Run }) {
  const you = useYou()
  const length = useLength(run)
  const { token_id, account_id, account, cause, address } = run.trigger
  const late = lateness(run)
  const accountLink = account_id !== null && may(you, 'accounts:admin') && (
    <TextLink to="/admin/accounts/$account" params={{ account: account_id }}>
      {account ?? account_id}
    </TextLink>
  )
  return (
    <Facts
      facts={[
        { label: 'State', value: <RunStateBadge run={run} /> },
        { label: 'About', value: <SubjectLink subject={run.subject} /> },
        { label: 'Asked for by', value: accountLink || triggerWords(run) },
        ...(token_id === null ? [] : [{ label: 'With the API token', value: <TokenLink token={token_id} /> }]),
        ...(cause === null || cause === account
          ? []
          : [{ label: reasonOf(run) === null ? 'Cause' : 'Reason', value: cause }]),
        ...(address === null ? [] : [{ label: 'From', value: <Code>{address}</Code> }]),
        ...(run.rerun_of === null
          ? []
          : [
              {
                label: 'Does again',
                value: (
                  <TextLink to="/runs/$run" params={{ run: run.rerun_of }}>
                    an earlier run
                  </TextLink>
                ),
              },
            ]),
        ...(run.scheduled_for === null
          ? []
          : [
              {
                label: 'Planned for',
                value: `${exactTime(run.scheduled_for)}${late === null ? '' : `, begun ${durationText(late)} later`}`,
              },
            ]),
        { label: 'Asked for', value: <Time at={run.created_at} /> },
        { label: 'Begun', value: <Time at={run.started_at} none="not yet" /> },
        { label: 'Ended', value: <Time at={run.finished_at} none="not yet" /> },
        { label: 'Took', value: length === null ? 'not begun' : durationText(length) },
        { label: 'Attempt', value: run.attempt },
        ...run.callbacks.map(({ host, state, attempts, failure }) => ({
          label: `Tells ${host}`,
          value: `${callbackWords[state]}${attempts > 1 ? ` after ${attempts} attempts` : ''}${failure === null ? '' : `: ${failure}`}`,
        })),
        { label: 'Number', value: <Code>{run.id}</Code> },
      ]}
    />
  )
}

const callbackWords = { waiting: 'When it ends', delivered: 'Told', failed: 'Could not be told' } as const

function TokenLink({ token }: { token: string }) {
  return may(useYou(), 'tokens:admin') ? (
    <TextLink to="/admin/tokens/$token" params={{ token }}>
      {token}
    </TextLink>
  ) : (
    <Code>{token}</Code>
  )
}
