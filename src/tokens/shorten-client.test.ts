import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortenClient } from './shorten-client.ts'

test('of a User-Agent its products stay, and the whole where a remark is all that it says', () => {
  for (const [client, short] of [
    [null, ''],
    ['curl/8.5.0', 'curl/8.5.0'],
    ['python-requests/2.32.3  xdmod-data/1.1.0', 'python-requests/2.32.3 xdmod-data/1.1.0'],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36',
      'Mozilla/5.0 AppleWebKit/537.36 Chrome/129.0.0.0 Safari/537.36',
    ],
    ['Mozilla/5.0 (compatible; Excel/16)', 'Mozilla/5.0 (compatible; Excel/16)'],
    ['(nothing else)', '(nothing else)'],
    ['Dart/3.5 (dart:io', 'Dart/3.5 (dart:io'],
    ['x'.repeat(200), 'x'.repeat(80)],
  ] as const)
    assert.equal(shortenClient(client), short)
})
