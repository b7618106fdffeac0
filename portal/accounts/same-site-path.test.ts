import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sameSitePath } from './same-site-path.ts'

test('after signing in one goes on to any page of this site, with its question', () => {
  for (const path of ['/', '/profile/token', '/explore/jobs?metrics=job_count,cpu_hours&period=30_day#chart'])
    assert.equal(sameSitePath(path), path)
})

test('no address leads from the sign-in page to another site', () => {
  for (const evil of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    'javascript:alert(1)',
    ' /profile',
    'profile',
    '',
  ])
    assert.equal(sameSitePath(evil), '/', evil)
})

test('signing in never leads back to signing in', () => {
  assert.equal(sameSitePath('/sign-in?to=/sign-in'), '/')
})
