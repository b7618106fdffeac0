import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataverseLines, pasteLines } from './paste-lines.ts'

const given = { secret: 'tsr_abc_def', site: 'https://data.example.org', permissions: ['warehouse:read'] }
const example = {
  model: 'jobs',
  realm: 'Jobs',
  metric: { name: 'job_count' },
  dimension: { name: 'queue' },
}

test('the curl line asks for what the token may do', () => {
  const line = (permissions: string[], to: typeof example | null = example) =>
    pasteLines({ ...given, permissions, example: to }).curl
  assert.match(line(['warehouse:read:jobs']), /v1\/query\?model=jobs&metrics=job_count&dimensions=queue&format=csv/)
  assert.match(line(['subscriptions:run', 'models:refresh:flights']), /-X POST .*\n.*\/v1\/models\/flights\/refreshes/)
  assert.match(line(['subscriptions:run:weekly']), /-X POST .*\n.*\/v1\/subscriptions\/weekly\/runs"$/)
  assert.match(line(['warehouse:read'], null), /\/v1\/tokens\/current"$/)
  assert.match(line(['audit:read']), /\/v1\/tokens\/current"$/)
})

test('each of the three holds the token, ready to run', () => {
  const lines = pasteLines({ ...given, example })
  for (const text of Object.values(lines)) assert.match(text, /tsr_abc_def/)
  assert.match(lines.python, /realm="Jobs", metric="job_count",\n {8}dimension="queue"/)
  assert.match(pasteLines({ ...given, example: null }).python, /describe_realms/)
  const odd = pasteLines({ ...given, example: { ...example, realm: 'Jobs"); import os #' } })
  assert.match(odd.python, /realm="Jobs\\"\); import os #", metric=/, 'a realm stays within its quotes')
})

test('the token of Dataverse’s clients comes with lines for these', () => {
  const lines = dataverseLines(given)
  assert.equal(lines.curl, 'curl -H "X-Dataverse-key: tsr_abc_def" \\\n  "https://data.example.org/api/users/:me"')
  assert.match(lines.python, /NativeApi\("https:\/\/data\.example\.org", "tsr_abc_def"\)/)
  assert.equal(lines.env, 'SERVER_URL=https://data.example.org\nAPI_TOKEN=tsr_abc_def')
})
