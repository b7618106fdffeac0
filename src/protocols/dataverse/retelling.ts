import { isHidden } from '#src/datasets/problems.ts'
import { Problem, type ProblemDefinition } from '#src/problem/problem.ts'

/** What is said instead of a problem. */
export type Retell = readonly (readonly [ProblemDefinition | 'hidden', (problem: Problem) => Problem])[]

/**
 * Tells refusals of an act in the words that Dataverse has at this one address, where they are others than everywhere.
 * `hidden`: what is there, but not for this caller.
 */
export async function retelling<T>(words: Retell, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const code = isHidden(error) ? 'hidden' : error.code
    const found = words.find(([one]) => (one === 'hidden' ? one : one.code) === code)
    throw found ? found[1](error) : error
  }
}
