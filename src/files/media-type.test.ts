import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mimeOf, toldOrOwn, unknownMedia } from './media-type.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const none = bytes('')

test('research data is known by its ending, in either case', () => {
  for (const [name, media] of [
    ['counts.csv', 'text/csv'],
    ['COUNTS.CSV', 'text/csv'],
    ['run.py', 'text/x-python'],
    ['notes.txt', 'text/plain'],
    ['a.b.geojson', 'application/geo+json'],
    ['survey.sav', 'application/x-spss-sav'],
    ['.csv', 'text/csv'],
    ['x.constructor', unknownMedia],
    ['x.toString', unknownMedia],
    ['README', unknownMedia],
  ] as const)
    assert.equal(mimeOf(name, none), media, name)
})

test('first bytes know better than a name, but not than the names of their own kind', () => {
  for (const [name, head, media] of [
    ['photo.txt', '\x89PNG\r\n\x1a\n....', 'image/png'],
    ['paper', '%PDF-1.7', 'application/pdf'],
    ['table.csv', 'PK\x03\x04....', 'application/zip'],
    ['table.xlsx', 'PK\x03\x04....', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['climate.nc', '\x89HDF\r\n\x1a\n', 'application/netcdf'],
    ['map.gpkg', 'SQLite format 3\0', 'application/geopackage+sqlite3'],
    ['archive', `${'\0'.repeat(257)}ustar`, 'application/x-tar'],
    ['x.sqlite', 'no such thing', 'application/vnd.sqlite3'],
  ] as const)
    assert.equal(mimeOf(name, bytes(head)), media, name)
})

test('text without an ending is plain text; pages are pages by name only', () => {
  assert.equal(mimeOf('README', Buffer.from('Grüße, 数据')), 'text/plain')
  assert.equal(mimeOf('README', Buffer.from(`${'x'.repeat(511)}ü`)), 'text/plain')
  assert.equal(mimeOf('blob', bytes('\0\x01\x02')), unknownMedia)
  assert.equal(mimeOf('page.html', none), 'text/html')
  assert.equal(mimeOf('page.txt', bytes('<html><script>alert(1)</script>')), 'text/plain')
  assert.equal(mimeOf('page.zz', bytes('<html>')), unknownMedia)
})

test('what a client tells is believed unless it tells nothing', () => {
  assert.equal(toldOrOwn('text/x-own', 'text/plain'), 'text/x-own')
  for (const told of [null, unknownMedia, 'application/x-www-form-urlencoded', 'nonsense', 'a/b"c', ''])
    assert.equal(toldOrOwn(told, 'text/csv'), 'text/csv')
})
