/** Postgres' texts have no NUL, which JSON and addresses can write. */
const unholdable = new Set(['22021', '22P05'])

/** Whether a question was refused for a character that no text can hold: a mistake of whoever sent the text. */
export const cannotHold = (error: unknown): boolean =>
  error instanceof Error && unholdable.has((error as NodeJS.ErrnoException).code ?? '')
