import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeTarget } from './safe-target.ts'

test('links within a text lead to pages of the portal, to sites and to mail', () => {
  assert.deepEqual(safeTarget('/explore/jobs?metrics=a'), { address: '/explore/jobs?metrics=a', isHere: true })
  assert.deepEqual(safeTarget('https://example.org/a'), { address: 'https://example.org/a', isHere: false })
  assert.deepEqual(safeTarget('mailto:ada@example.org'), { address: 'mailto:ada@example.org', isHere: false })
})

test('no link runs anything, or pretends to be a page of the portal', () => {
  for (const address of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>',
    'vbscript:a',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'nowhere',
  ])
    assert.equal(safeTarget(address), null, address)
})
