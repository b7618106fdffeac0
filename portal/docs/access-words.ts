import type { Operation } from './api-document.ts'

/** Who may call an operation, in a sentence. */
export function whoMayCall({ shows, permission }: Pick<Operation, 'shows' | 'permission'>): string {
  const { token, session, nobody } = shows
  if (nobody && !token && !session) return 'Anybody, without a token.'
  if (nobody) return 'Anybody; what is answered depends on who asks.'
  const means = token && session ? 'a token or a session' : token ? 'a token' : 'a session of the portal (no token)'
  return `${permission === null ? 'Anybody known' : 'Who holds the permission'}, with ${means}.`
}
