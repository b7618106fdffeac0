import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { element, xmlDocument } from './xml.ts'

test('whatever is given as text comes back as that text, and the document is well formed', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    trimValues: false,
    parseTagValue: false,
    parseAttributeValue: false,
  })
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const written = xmlDocument(element('a', { b: text }, text))
      assert.equal(XMLValidator.validate(written), true)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
      const kept = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      if (!kept.includes('\r') && kept.trim() !== '') assert.equal(parser.parse(written).a['#text'] ?? '', kept)
    }),
  )
})

test('absent values leave no trace', () => {
  assert.equal(element('a', { b: null, c: undefined, d: 0 }, null, [undefined, element('e')]).text, '<a d="0"><e/></a>')
})
