import { List, Skeleton, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, askPage } from '#portal/kit/ask.ts'
import { countedText } from '#portal/kit/figures.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { ActModal } from './ActModal.tsx'
import { isLive, nameOf, type Token } from './token.ts'
import type { TokenQuestion } from './token-search.ts'
import { useTokenChange } from './use-token-change.ts'

/** Tokens that were ticked, or whatever a question finds. */
export type BulkRevoke = { readonly tokens: readonly Token[] } | { readonly question: TokenQuestion }

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
    queryFn: async () => {
      const tokens = await findTokens(asked!)
      return { tokens, matched: await revoke(tokens, 'dry run', true) }
    },
    enabled: asked !== null,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { mutate, isPending, error } = useTokenChange(
    () => revoke(trial.data?.tokens ?? [], reason, false),
    (revoked) => {
      notifyDone(`${countedText(revoked, 'token')} revoked: nothing accepts them any more.`)
      setReason('')
      onDone()
    },
  )
  const count = trial.data?.matched ?? 0
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
            {trial.data.tokens.slice(0, 8).map((token) => (
              <List.Item key={token.id}>
                {nameOf(token)} of {token.account.user_name}
              </List.Item>
            ))}
          </List>
          {trial.data.tokens.length > 8 && (
            <Text size="sm" c="dimmed">
              and {countedText(trial.data.tokens.length - 8, 'other')}
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

/** What is asked about as it stands now, page by page, so that nothing is revoked that nobody counted. */
async function findTokens(asked: BulkRevoke): Promise<readonly Token[]> {
  if ('tokens' in asked) return asked.tokens
  const found: Token[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await askPage('GET /v1/tokens', {
      query: { ...asked.question, limit: 200, ...(cursor && { cursor }) },
    })
    found.push(...page.body.items.filter(isLive))
    cursor = page.next
  }
  return found
}

/** How many were, or would be; a thousand at a time, as many as the server takes. */
async function revoke(tokens: readonly Token[], reason: string, dryRun: boolean): Promise<number> {
  let count = 0
  for (let from = 0; from < tokens.length; from += 1000) {
    const ids = tokens.slice(from, from + 1000).map(({ id }) => id)
    const { matched, revoked } = await ask('POST /v1/tokens/revocations', { body: { ids, reason, dry_run: dryRun } })
    count += dryRun ? matched : revoked
  }
  return count
}
