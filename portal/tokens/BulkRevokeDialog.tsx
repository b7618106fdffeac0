import { List, Skeleton, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, isRefused } from '#portal/kit/ask.ts'
import { countedText } from '#portal/kit/figures.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { ActModal } from './ActModal.tsx'
import { nameOf, type Token } from './token.ts'
import { revocationOf, type TokenQuestion } from './token-search.ts'
import { useTokenChange } from './use-token-change.ts'

/** Tokens that were ticked, or whatever a question finds. */
export type BulkRevoke = { readonly tokens: readonly Token[] } | { readonly question: TokenQuestion }

const namedAtMost = 8

interface BulkRevokeDialogProps {
  /** Null closes the dialog. */
  readonly asked: BulkRevoke | null
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Revokes many tokens at once: counts first, by a dry run, and does it when a reason is given. */
export function BulkRevokeDialog({ asked, onClose, onDone }: BulkRevokeDialogProps) {
  const [reason, setReason] = useState('')
  const trial = useQuery({
    queryKey: ['POST /v1/tokens/revocations', asked],
    queryFn: () => tryOut(asked!),
    enabled: asked !== null,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const count = trial.data?.matched ?? 0
  const { mutate, isPending, error } = useTokenChange(
    () =>
      // What has come to be since it was counted is not revoked unseen.
      ask('POST /v1/tokens/revocations', { body: { ...criteriaOf(asked!), reason, expected: count } }).catch(
        (refused: unknown) => {
          if (isRefused(refused, 'tokens-changed')) void trial.refetch()
          throw refused
        },
      ),
    ({ revoked }) => {
      notifyDone(`${countedText(revoked, 'token')} revoked: nothing accepts them any more.`)
      setReason('')
      onDone()
    },
  )
  return (
    <ActModal
      opened={asked !== null}
      title="Revoke API tokens?"
      onClose={onClose}
      onClosed={() => document.querySelector<HTMLElement>('[data-tokens-home]')?.focus({ preventScroll: true })}
      verb={count === 0 ? 'Revoke' : `Revoke ${countedText(count, 'token')}`}
      dangerous
      onSubmit={() => mutate()}
      pending={isPending}
      disabled={count === 0 || reason.trim() === ''}
      error={error}
    >
      {trial.isFetching && <Skeleton height={60} aria-label="Counting" />}
      {trial.error && <ProblemAlert error={trial.error} retry={() => void trial.refetch()} />}
      {trial.data && (
        <div role="status">
          <Text fw={600}>{countedText(count, 'token')} would be revoked, at once and for good.</Text>
          <List size="sm" pt={4}>
            {trial.data.named.map((token) => (
              <List.Item key={token.id}>
                {nameOf(token)} of {token.account.user_name}
              </List.Item>
            ))}
          </List>
          {count > trial.data.named.length && (
            <Text size="sm" c="dimmed">
              and {countedText(count - trial.data.named.length, 'other')}
            </Text>
          )}
        </div>
      )}
      <TextInput
        label="Reason"
        description="Stands with each token and in the audit log."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={200}
        required
        data-autofocus
      />
    </ActModal>
  )
}

/** Some of the tokens by name, and how many there are in all, found as the revocation itself finds them. */
async function tryOut(asked: BulkRevoke): Promise<{ named: readonly Token[]; matched: number }> {
  const named =
    'tokens' in asked
      ? asked.tokens.slice(0, namedAtMost)
      : (await ask('GET /v1/tokens', { query: { ...asked.question, live: 'true', limit: namedAtMost } })).items
  const { matched } = await ask('POST /v1/tokens/revocations', {
    body: { ...criteriaOf(asked), reason: 'dry run', dry_run: true },
  })
  return { named, matched }
}

const criteriaOf = (asked: BulkRevoke) =>
  'tokens' in asked ? { ids: asked.tokens.map(({ id }) => id) } : revocationOf(asked.question)
