export type Body = Readonly<Record<string, unknown>>

/** What one step of the story of all changes does; ids are those of the contracts. */
export interface Step {
  readonly params?: Readonly<Record<string, string>>
  readonly body?: Body
  readonly form?: Readonly<Record<string, string>>
  /** Sent as they are. */
  readonly bytes?: Buffer
  /** Shown instead of the administrator's cookie; null: nothing. */
  readonly cookie?: string | null
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  /** Where the contract names several verbs: those that this step leaves. */
  readonly leaves?: readonly string[]
}

export type Reply = Body & { readonly cookie: string; readonly location: string }
