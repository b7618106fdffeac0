import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { openPeppers } from './peppers.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'tessera-peppers-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const fileNamed = (name: string) => path.join(directory, name, 'token-pepper')

test('a pepper is made once, readable by its owner alone, and is the same for everybody after', () => {
  const file = fileNamed('made')
  const first = openPeppers(file)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700)
  const sealed = first.seal('secret')
  assert.ok(openPeppers(file).matches('secret', sealed))
  assert.ok(!openPeppers(file).matches('Secret', sealed))
  assert.ok(!openPeppers(fileNamed('other')).matches('secret', sealed))
  assert.deepEqual(readdirSync(path.dirname(file)), ['token-pepper'])
})

test('a rotation reaches processes that run, and what was sealed before still matches', () => {
  const file = fileNamed('rotated')
  const running = openPeppers(file)
  const old = running.seal('secret')
  assert.equal(openPeppers(file).rotate([1]), 2)
  const fresh = running.seal('secret')
  assert.deepEqual([old.pepper, fresh.pepper, running.newest()], [1, 2, 2])
  assert.ok(running.matches('secret', old) && running.matches('secret', fresh))
  assert.ok(!old.hash.equals(fresh.hash))
})

test('a pepper that nobody needs is dropped, one in use and the latest never', () => {
  const file = fileNamed('dropped')
  const peppers = openPeppers(file)
  const first = peppers.seal('a')
  peppers.rotate([1])
  const second = peppers.seal('b')
  peppers.rotate([2])
  assert.ok(peppers.matches('b', second))
  assert.throws(
    () => peppers.matches('a', first),
    (error: unknown) => error instanceof Problem && error.code === 'pepper-missing',
  )
})

test('a broken file is an error that says what to do, and is never replaced', () => {
  for (const text of ['', '{}', '{"newest":2,"peppers":{"1":"AAAA"}}', '{"newest":1,"peppers":{"1":"c2hvcnQ="}}']) {
    const file = fileNamed('broken')
    openPeppers(fileNamed('broken'))
    writeFileSync(file, text)
    assert.throws(
      () => openPeppers(file),
      (error: unknown) => error instanceof Problem && error.code === 'pepper-unreadable',
    )
    assert.equal(readFileSync(file, 'utf8'), text)
    rmSync(file)
  }
})
