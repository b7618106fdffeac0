import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { isVerb, verbs } from '#src/access/verbs.ts'
import type { Endpoint } from '#src/http/endpoint.ts'

const root = path.resolve(import.meta.dirname, '..')
const sources = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'))

/** What the contracts declare. */
async function declaredVerbs(): Promise<Map<string, string>> {
  const declared = new Map<string, string>()
  for (const file of sources.filter((file) => path.basename(file) === 'contract.ts')) {
    const contract: Record<string, unknown> = await import(path.join(root, file))
    for (const promise of Object.values(contract).filter(isEndpoint)) {
      for (const verb of [promise.audit ?? []].flat()) declared.set(verb, promise.id)
    }
  }
  return declared
}

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'id' in value

/** What acts speak of. That they note nothing else is the compiler's business: `AuditNote.verb` is a `Verb`. */
const notedVerbs = new Set<string>(
  sources
    .filter((file) => path.basename(file) !== 'contract.ts' && file !== 'src/access/verbs.ts')
    .flatMap((file) => readFileSync(path.join(root, file), 'utf8').match(/'[a-z]+\.[a-z_]+'/g) ?? [])
    .map((quoted) => quoted.slice(1, -1))
    .filter(isVerb),
)

test('every audit verb that a contract declares is in the closed list, in noun.past-tense', async () => {
  const declared = await declaredVerbs()
  assert.ok(declared.size >= 10, 'the contracts were seen')
  for (const verb of declared.keys()) assert.ok(isVerb(verb), `${verb} (${declared.get(verb)})`)
  for (const verb of Object.keys(verbs)) assert.match(verb, /^[a-z]+\.[a-z]+(_[a-z]+)*$/)
})

test('every audit verb that a contract declares is noted by some act', async () => {
  for (const [verb, id] of await declaredVerbs()) assert.ok(notedVerbs.has(verb), `${verb}, declared by ${id}`)
})

test('the closed list holds no verb that nothing notes', () => {
  const passedOn = new Set(['request.refused'])
  assert.deepEqual(
    Object.keys(verbs).filter((verb) => !notedVerbs.has(verb) && !passedOn.has(verb)),
    [],
  )
})
