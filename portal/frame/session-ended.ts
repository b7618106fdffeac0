import { instanceQuery, type You } from '#portal/instance/instance.ts'
import { ask, askAs } from '#portal/kit/ask.ts'
import { queryClient } from '#portal/kit/queries.ts'
import { createStore } from '#portal/kit/store.ts'

interface EndedSession {
  readonly account: You['account']
  /** Lets all calls that wait go on, or be refused. */
  settle(signedIn: boolean): void
}

/** The session that has ended while its person was at work; null while all is well. */
export const endedSession = createStore<EndedSession | null>(null)

let waiting: Promise<boolean> | null = null

/**
 * What a call does that was refused for want of a session: all such calls wait for one and the same dialog. Who never
 * was signed in is not asked. A window in which somebody else has signed in meanwhile begins anew, so that nothing is
 * sent or shown in the wrong name.
 */
export function signInAgain(): Promise<boolean> {
  waiting ??= askPerson().finally(() => {
    waiting = null
  })
  return waiting
}

// Every call says whose page this is, and is refused where the browser's session has become somebody else's.
askAs(() => queryClient.getQueryData(instanceQuery.queryKey)?.you?.account.id ?? null)

async function askPerson(): Promise<boolean> {
  const before = queryClient.getQueryData(instanceQuery.queryKey)?.you
  if (!before) return false
  const found = await whoIsHere()
  if (found) return await goOnAs(found, before.account)
  const signedIn = await new Promise<boolean>((resolve) => {
    endedSession.set({ account: before.account, settle: resolve })
  })
  endedSession.set(null)
  if (!signedIn) return await beginAnew()
  void queryClient.invalidateQueries({ queryKey: instanceQuery.queryKey })
  return true
}

/** Another window, or a new password, may have brought a new session already. */
const whoIsHere = async (): Promise<You['account'] | null> => {
  const instance = await ask('GET /v1/instance').catch(() => null)
  return instance?.you?.account ?? null
}

/** Goes on in the name of who is signed in now; for anybody but the person of before, from the beginning. */
export async function goOnAs(now: { readonly id: string }, before: { readonly id: string }): Promise<true> {
  return now.id === before.id || (await beginAnew())
}

/** Loads the portal anew, so that nothing of who was signed in stays in the window, on the page and in memory. */
function beginAnew(): Promise<never> {
  window.location.reload()
  return new Promise<never>(() => undefined)
}

/** Closes the dialog by itself when the person has signed in in another window. */
export async function lookForNewSession(): Promise<void> {
  const ended = endedSession.get()
  const found = ended && (await whoIsHere())
  if (found && (await goOnAs(found, ended.account))) ended.settle(true)
}
