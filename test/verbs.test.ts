import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { isVerb, verbs } from '#src/access/verbs.ts'
import { declaredEndpoints } from './declared-endpoints.ts'

const root = path.resolve(import.meta.dirname, '..')
const sources = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'))

/** What the contracts declare, and which of them. */
const declaredVerbs = new Map<string, string>(
  declaredEndpoints.flatMap(({ id, audit }) => [audit ?? []].flat().map((verb) => [verb, id] as const)),
)

/** What acts speak of. That they note nothing else is the compiler's business: `AuditNote.verb` is a `Verb`. */
const notedVerbs = new Set<string>(
  sources
    .filter((file) => path.basename(file) !== 'contract.ts' && file !== 'src/access/verbs.ts')
    .flatMap((file) => readFileSync(path.join(root, file), 'utf8').match(/'[a-z]+\.[a-z_]+'/g) ?? [])
    .map((quoted) => quoted.slice(1, -1))
    .filter(isVerb),
)

test('every audit verb that a contract declares is in the closed list, in noun.past-tense', () => {
  assert.ok(declaredVerbs.size >= 10, 'the contracts were seen')
  for (const verb of declaredVerbs.keys()) assert.ok(isVerb(verb), `${verb} (${declaredVerbs.get(verb)})`)
  for (const verb of Object.keys(verbs)) assert.match(verb, /^[a-z]+\.[a-z]+(_[a-z]+)*$/)
})

test('every audit verb that a contract declares is noted by some act', () => {
  for (const [verb, id] of declaredVerbs) assert.ok(notedVerbs.has(verb), `${verb}, declared by ${id}`)
})

test('the closed list holds no verb that nothing notes', () => {
  const passedOn = new Set(['request.refused'])
  assert.deepEqual(
    Object.keys(verbs).filter((verb) => !notedVerbs.has(verb) && !passedOn.has(verb)),
    [],
  )
})
