import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { notifyProblem } from '#portal/kit/notify.ts'
import { invalidate } from '#portal/kit/queries.ts'
import { isOpen, type Run } from './run-words.ts'

/** Does a run again once it has ended; where only parts of it failed, only those on request. Leads to the new run. */
export function RerunRun({ run }: { run: Run }) {
  const navigate = useNavigate()
  const rerun = useMutation({
    mutationFn: ({ only, key }: { only: boolean; key: string }) =>
      ask('POST /v1/runs/:run/rerun', {
        params: { run: run.id },
        body: only ? { only: 'failed' } : {},
        headers: { 'idempotency-key': key },
      }),
    onSuccess: ({ id }) => {
      void invalidate('GET /v1/runs')
      void navigate({ to: '/runs/$run', params: { run: id } })
    },
    onError: notifyProblem,
  })
  if (isOpen(run)) return null
  const again = (only: boolean) => rerun.mutate({ only, key: idempotencyKey() })
  return (
    <>
      {run.state === 'partially_failed' && (
        <Button loading={rerun.isPending} onClick={() => again(true)}>
          Do again what failed
        </Button>
      )}
      <Button variant="default" loading={rerun.isPending} onClick={() => again(false)}>
        Do it again
      </Button>
    </>
  )
}
