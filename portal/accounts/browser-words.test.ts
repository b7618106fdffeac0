import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserWords } from './browser-words.ts'

const known: Readonly<Record<string, string>> = {
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0': 'Firefox on Linux',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36':
    'Chrome on Windows',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0':
    'Edge on Windows',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15':
    'Safari on macOS',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1':
    'Chrome on iPhone',
  'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36':
    'Chrome on Android',
  'curl/8.17.0': 'curl/8.17.0',
  'python-requests/2.32.5 extra': 'python-requests/2.32.5',
  'Mozilla/5.0 (Plan 9) Mothra': 'Unknown browser',
}

test('a session is told by the browser and system that its owner knows', () => {
  for (const [client, words] of Object.entries(known)) assert.equal(browserWords(client), words)
})

test('a session without a name, or with an endless one, still has words', () => {
  assert.equal(browserWords(null), 'Unknown browser')
  assert.equal(browserWords(' '), 'Unknown browser')
  assert.equal(browserWords('x'.repeat(5000)).length, 60)
})
