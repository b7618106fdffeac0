import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { freeName, joinPath, placeOfMember, readDirectory, readName, splitPath } from './names.ts'

test('a name may have any letters, spaces and points, in one form whatever computer it comes from', () => {
  for (const name of [
    'counts.csv',
    'Zählung 2026.csv',
    '数据.parquet',
    '.gitignore',
    'a..b',
    'नमूना.txt',
    '👩‍🔬.txt',
    'x'.repeat(255),
  ])
    assert.deepEqual(readName(name), { name: name.normalize('NFC'), fault: null })
  assert.equal(readName('Za\u0308hlung.csv').name, 'Zählung.csv')
  assert.equal(readName('  counts.csv ').name, 'counts.csv')
})

test('a name that leads elsewhere, hides what it is or is too long for some computer is told what is wrong with it', () => {
  for (const name of ['a/b', 'a\\b', 'a:b', 'a*', 'a?', 'a"b', '<a>', 'a|b', 'a;b', 'a#b'])
    assert.match(String(readName(name).fault), /^File Name cannot contain any of the following characters/)
  for (const name of ['', ' ', '.', '..']) assert.ok(readName(name).fault, JSON.stringify(name))
  for (const name of ['a\0b', 'a\nb', 'gnp.\u202eexe', 'a\u2028b', 'a\ufeffb', '\ud800'])
    assert.match(String(readName(name).fault), /cannot be seen|half a character/)
  assert.equal(readName('ä'.repeat(127)).fault, null)
  assert.match(String(readName('ä'.repeat(128)).fault), /has 256 bytes/)
})

test('a directory is tidied, and refused where it leads upwards or has signs that Dataverse forbids', () => {
  const kept = (written: string) => readDirectory(written).directory
  assert.equal(kept('/raw//2026/'), 'raw/2026')
  assert.equal(kept('raw\\2026'), 'raw/2026')
  assert.equal(kept('./raw/./x'), 'raw/x')
  assert.equal(kept(' raw / x '), 'raw/x')
  assert.equal(kept('///'), '')
  for (const fine of ['raw/2026', 'Übersicht', '.github/workflows', 'a-b_c.d e'])
    assert.equal(readDirectory(fine).fault, null)
  for (const bad of ['../x', 'a/../b', 'a:b', 'a*', 'a\0b', 'a\nb', 'x'.repeat(256), 'xx/'.repeat(400)])
    assert.ok(readDirectory(bad).fault, bad)
})

test('members of archives always get a place that the rules allow, and what systems leave behind gets none', () => {
  assert.deepEqual(placeOfMember('raw/2026/counts.csv'), { directory: 'raw/2026', name: 'counts.csv' })
  assert.deepEqual(placeOfMember('../../etc/pass:wd'), { directory: 'etc', name: 'pass_wd' })
  assert.deepEqual(placeOfMember('a:b/c'), { directory: 'a.b', name: 'c' })
  for (const left of ['a/', '__MACOSX/._x', 'a/._x', '.DS_Store', 'a/.DS_Store'])
    assert.equal(placeOfMember(left), null)
  assert.ok(readDirectory(placeOfMember(`${'x/'.repeat(900)}y`)!.directory).fault === null)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (member) => {
      const place = placeOfMember(member)
      if (!place) return
      assert.deepEqual(readName(place.name), { name: place.name, fault: null })
      assert.deepEqual(readDirectory(place.directory), { directory: place.directory, fault: null })
    }),
    { numRuns: 2000 },
  )
})

test('a name that is taken gets a number before its ending, and stays short enough', () => {
  const free = (name: string, ...taken: string[]) => freeName(name, (one) => taken.includes(one))
  assert.equal(free('counts.csv'), 'counts.csv')
  assert.equal(free('counts.csv', 'counts.csv'), 'counts-1.csv')
  assert.equal(free('counts.csv', 'counts.csv', 'counts-1.csv'), 'counts-2.csv')
  assert.equal(free('a.tar.gz', 'a.tar.gz'), 'a.tar-1.gz')
  assert.equal(free('README', 'README'), 'README-1')
  assert.equal(free('.gitignore', '.gitignore'), '.gitignore-1')
  const long = `${'ü'.repeat(125)}.csv`
  const other = free(long, long)
  assert.ok(other.endsWith('-1.csv') && Buffer.byteLength(other) <= 255, other)
})

test('a path has a directory and a name', () => {
  assert.deepEqual(splitPath('raw/2026/counts.csv'), { directory: 'raw/2026', name: 'counts.csv' })
  assert.deepEqual(splitPath('counts.csv'), { directory: '', name: 'counts.csv' })
  assert.equal(joinPath('', 'a'), 'a')
  assert.equal(joinPath('b', 'a'), 'b/a')
})
