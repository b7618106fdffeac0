import { defineProblem } from '#src/problem/problem.ts'

export const unreadableImport = defineProblem('unreadable-import', 'unprocessable', 'The file cannot be imported')

export const unknownResource = defineProblem('unknown-resource', 'not_found', 'No resource of that name is known')
