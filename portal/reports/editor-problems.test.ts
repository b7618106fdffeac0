import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RequestProblem } from '#portal/kit/problem.ts'
import { complaintLine, complaintsOf, complaintsWithin } from './editor-problems.ts'

const refused = (errors: { pointer: string; detail: string }[]) =>
  complaintsOf(new RequestProblem({ title: 'No', status: 422, errors }))

test('what is wrong stands at the block, the parameter or the field that it is about', () => {
  const complaints = refused([
    { pointer: '#/definition/blocks/1/query/metrics/0', detail: 'is no metric of jobs' },
    { pointer: '#/definition/blocks/1/inputs/0/options/option_set', detail: 'is none' },
    { pointer: '#/definition/parameters/0/dimension', detail: 'is none' },
    { pointer: '#/title', detail: 'is too short' },
    { pointer: '#/definition/blocks', detail: 'has too few' },
    { pointer: '#/elsewhere', detail: 'is not known' },
  ])
  assert.deepEqual(complaints.blocks.get(1)?.map(complaintLine), [
    'metrics 1: is no metric of jobs',
    'inputs 1 options option set: is none',
  ])
  assert.deepEqual(complaintsWithin(complaints.blocks.get(1) ?? [], 'inputs/0'), [
    { at: 'options/option_set', says: 'is none' },
  ])
  assert.deepEqual(complaintsWithin(complaints.blocks.get(1) ?? [], 'inputs/01'), [])
  assert.equal(complaints.parameters.get(0)?.length, 1)
  assert.deepEqual(complaints.fields, { title: 'is too short' })
  assert.deepEqual(complaints.others, ['Blocks: has too few', 'elsewhere is not known'])
})

test('a problem that names no place is told as it is; no problem is none', () => {
  assert.deepEqual(complaintsOf(new RequestProblem({ title: 'No', status: 403, detail: 'Not yours.' })).others, [
    'Not yours.',
  ])
  assert.deepEqual(complaintsOf(null).others, [])
})
