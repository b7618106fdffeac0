/** What the product has acknowledged, and what it was asked and may have done: the judge's book. */
export interface Ledger {
  readonly tokens: Map<string, BookedToken>
  /** By number: whether the import was acknowledged. What is asked and not acknowledged may be there or not. */
  readonly logs: Map<number, boolean>
  /** By model: the least generation that answers may come from. */
  readonly leastGeneration: Map<string, number>
  /** Logs that a refresh must have shown. */
  readonly refreshedLogs: Set<number>
  /** The newest generation that was ever written. */
  readonly written: Map<string, number>
  /** Runs whose beginning was acknowledged. */
  readonly runs: Set<string>
  /** Requests for a token whose answer broke off, to be sent again under the same key. */
  unanswered: Unanswered[]
  /** When uses of the counted token were answered, since they were last reconciled. */
  uses: number[]
  usesReconciled: number
  readonly done: Record<Deed, number>
}

export type Deed = 'asked' | 'issued' | 'revoked' | 'imported' | 'refreshed' | 'read'

export interface Unanswered {
  readonly key: string
  readonly issuer: string
  readonly body: { readonly name: string }
}

export interface BookedToken {
  readonly secret: string
  /** `asked`: its revocation was asked for and not acknowledged, so both are right. */
  state: 'alive' | 'asked' | 'revoked'
  /** In which round something last happened to it. */
  round: number
}

export const openLedger = (): Ledger => ({
  tokens: new Map(),
  logs: new Map(),
  leastGeneration: new Map(),
  refreshedLogs: new Set(),
  written: new Map(),
  runs: new Set(),
  unanswered: [],
  uses: [],
  usesReconciled: 0,
  done: { asked: 0, issued: 0, revoked: 0, imported: 0, refreshed: 0, read: 0 },
})

export function bookIssued(ledger: Ledger, id: string, secret: string, round: number): void {
  ledger.tokens.set(id, { secret, state: 'alive', round })
  ledger.done.issued++
}

/** What is wrong with the product: fails the round. */
export class Broken extends Error {}

export function must(holds: boolean, says: string): void {
  if (!holds) throw new Broken(says)
}
