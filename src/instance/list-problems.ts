import type { z } from 'zod'
import { statusOf } from '#src/http/render-problem.ts'
import { allProblems } from './all-problems.ts'
import type { ProblemType } from './contract.ts'

/** Every kind of problem that this version can answer with, by code. */
export const listProblems = (): z.input<typeof ProblemType>[] =>
  allProblems.map(({ code, kind, title, remedy }) => ({ code, status: statusOf[kind], title, remedy }))
