import assert from 'node:assert/strict'
import { test } from 'node:test'
import { servedAs } from './served-as.ts'

const headersOf = (mediaType: string, inline = false, name = 'x') => servedAs({ name, mediaType }, { inline })

test('what a browser might run is never shown, whoever asks for it', () => {
  for (const type of [
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'text/javascript',
    'TEXT/HTML; charset=utf-8',
    'application/xml',
    'multipart/related',
  ])
    for (const inline of [true, false]) {
      const { headers } = headersOf(type, inline)
      assert.match(headers['content-disposition']!, /^attachment/, type)
      assert.match(headers['content-security-policy']!, /^sandbox;/)
      assert.equal(headers['x-content-type-options'], 'nosniff')
    }
})

test('pictures, PDF and plain text are shown where asked for, text as nothing but text', () => {
  assert.match(headersOf('image/png', true).headers['content-disposition']!, /^inline/)
  assert.match(headersOf('image/png').headers['content-disposition']!, /^attachment/)
  assert.equal(headersOf('text/csv', true).type, 'text/plain; charset=utf-8')
  assert.equal(headersOf('text/csv').type, 'text/csv')
  const pdf = headersOf('application/pdf', true).headers
  assert.doesNotMatch(pdf['content-security-policy']!, /sandbox|script/)
})

test('a name of any letters arrives whole', () => {
  const { headers } = headersOf('text/csv', false, 'Zählung "1"; 数据.csv')
  assert.match(
    headers['content-disposition']!,
    /filename\*=UTF-8''Z%C3%A4hlung%20%221%22%3B%20%E6%95%B0%E6%8D%AE\.csv$/,
  )
})
