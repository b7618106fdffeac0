import { ask } from '#portal/kit/ask.ts'
import { RequestProblem } from '#portal/kit/problem.ts'

/**
 * Signs out and loads the portal anew, so that nothing this person was answered or typed is left in the window.
 * A session that has ended meanwhile is as good.
 */
export async function signOut(): Promise<void> {
  try {
    await ask('DELETE /v1/session')
  } catch (error) {
    if (!(error instanceof RequestProblem) || error.status !== 401) throw error
  }
  window.location.replace('/')
}
