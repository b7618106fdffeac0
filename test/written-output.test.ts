import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertAlike } from './written-output.ts'

const alike = (output: string, shown: string) => assertAlike(output, shown, 'a command')

test('an output is like what is shown when only times, numbers, ids and secrets differ', () => {
  alike('revoked 1Bc2Ef3Hi4kl\n401\n', 'revoked 9Sm701g8crDb\n401')
  alike('revoked YOQacXLdSLdd', 'revoked 9Sm701g8crDb')
  alike('2026-11-22T15:01:23.935Z  token.issued  x\nmore\n', '2027-01-01T00:00:00Z  token.issued …')
  alike('{"status":401,"code":"a","rows":[["x",1],["y",2]]}', '{ "status": 401, "code": "a", "rows": [["z", 3]] }')
  alike('{"cores":4,"queue":"long"}\n{"cores":8,"queue":"gpu"}', '{"cores":1,"queue":"short"}\n{"cores":2,"queue":"x"}')
})

test('other words, members, types, codes and missing lines are seen', () => {
  for (const [output, shown] of [
    ['401', 'revoked 9Sm701g8crDb'],
    ['a\nb', 'b\na'],
    ['{"status":403}', '{"status":401}'],
    ['{"rows":[["1"]]}', '{"rows":[[1]]}'],
    ['{"rows":[],"b":1}', '{"rows":[]}'],
    ['{"rows":[]}', '{"rows":[[1],[2]]}'],
    ['{"cores":4}', '{"cores":1}\n{"cores":2}'],
    ['nothing', '{"cores":1}'],
  ])
    assert.throws(() => alike(output!, shown!), `${output} is not like ${shown}`)
})
