/** One question to another database. */
export interface DatabaseAsk {
  /** As in the settings: with the password, so it goes into no message. */
  readonly address: string
  readonly query: string
  /** Only rows at or above this, or without any. */
  readonly since: { readonly column: string; readonly value: string } | null
  readonly timeoutSeconds: number
}

/** The answer: texts as the database writes them, and the types to read them by. */
export interface AskedRows {
  /** DuckDB's types by column, in order. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** When the answer was true, by the database's own clock. */
  readonly time: Date
  readonly batches: AsyncIterable<readonly (readonly (string | null)[])[]>
  close(): Promise<void>
  /** Cuts the connection; who waits for rows gets an error. */
  cut(): void
}

/** Why a database did not answer; for people, without the address. */
export class NotAnswered extends Error {}

/** For a connection to come about. */
export const connectMs = 10_000

/** What a driver says went wrong, with nothing of the address's password in it. */
export function toldFailure(error: unknown, address: string): string {
  const { message = String(error), code } = error as { message?: string; code?: string }
  // Where several addresses were tried, each failure has its own message and the whole has none.
  const several = error instanceof AggregateError ? error.errors.map((one: Error) => one.message).join('; ') : ''
  const text = message || several || code || 'no reason given'
  // Not as a URL: one that leads to a socket names no host, and is none.
  const password = /^[a-z]+:\/\/[^:@/]*:([^@]*)@/.exec(address)?.[1] ?? ''
  const secrets = [password, plain(password)].filter((secret) => secret !== '')
  return secrets.reduce((told, secret) => told.replaceAll(secret, '••••••'), text)
}

const plain = (encoded: string): string => {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
