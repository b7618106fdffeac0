import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromField, toField, withFilter } from './audit-filter.ts'
import { type AuditEvent, actorWords, addNewer, detailWords } from './event-words.ts'

test('a moment survives the way from the address into a field and back, in whatever zone', () => {
  const iso = '2026-01-31T09:30:00.000Z'
  assert.equal(fromField(toField(iso)), iso)
  assert.deepEqual([toField(undefined), toField('yesterday'), fromField(''), fromField('2026-13')], ['', '', '', ''])
})

test('a filter that is emptied leaves the address', () => {
  assert.deepEqual(withFilter({ verb: 'token.issued' }, 'actor', 'ada'), { verb: 'token.issued', actor: 'ada' })
  assert.deepEqual(withFilter({ verb: 'token.issued', actor: 'ada' }, 'verb', ''), { actor: 'ada' })
})

test('who acted is named with how they came, also when nobody was signed in', () => {
  const words = (event: Partial<AuditEvent>) => {
    const { before, name, after } = actorWords({ account_name: null, account_id: null, via: 'session', ...event })
    return [before, name, after].filter(Boolean).join(' ')
  }
  const ada = { account_id: 'a1', account_name: 'ada' }
  assert.equal(words({ ...ada }), 'ada in the portal')
  assert.equal(words({ ...ada, via: 'token' }), 'ada with the API token')
  assert.equal(words({ ...ada, via: 'anonymous' }), 'ada')
  assert.equal(words({ account_name: 'nobody', via: 'anonymous' }), 'nobody')
  assert.equal(words({ via: 'anonymous' }), 'Somebody who was not signed in')
  assert.equal(words({ account_name: 'root', via: 'command' }), 'root at the command line')
  assert.equal(words({ ...ada, via: 'system' }), 'Tessera, for ada')
  assert.equal(words({ account_name: 'first start', via: 'system' }), 'Tessera (first start)')
  assert.equal(words({ via: 'system' }), 'Tessera')
})

test('a line shows what of the detail a person can read', () => {
  const detail = {
    role: 'admin',
    session_id: '01a20433-54cb-71f6-9814-52f9aa74bb05',
    run: '30e2cb53-8ac2-4600-aeb4-3d5193c1193c',
    owner_name: null,
    rows: 7,
    sources: ['a', 'b'],
  }
  assert.equal(detailWords(detail), 'role: admin, rows: 7')
})

test('what has come since is put before what is known, once', () => {
  const events = (...ids: number[]) => ids.map((id) => ({ id }))
  const known = events(5, 4, 2)
  assert.equal(addNewer(events(5, 4), known), known, 'nothing new changes nothing')
  assert.deepEqual(addNewer(events(9, 7, 5), known), events(9, 7, 5, 4, 2))
  assert.deepEqual(addNewer(events(3), []), events(3))
})
