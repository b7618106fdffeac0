import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Command, inGroups, matchingCommands } from './palette-matches.ts'

const command = (label: string, group: string, more: Partial<Command> = {}): Command => ({
  id: label,
  label,
  group,
  run: () => undefined,
  ...more,
})
const all = [
  command('Start', 'Pages', { keywords: 'home' }),
  command('API Token', 'My Profile'),
  command('Explore Jobs', 'Explore', { keywords: 'jobs' }),
  command('Explore Flights', 'Explore', { keywords: 'flights' }),
  command('API tokens', 'Admin console'),
  command('Sign Out', 'Actions', { keywords: 'log out leave' }),
]
const found = (typed: string): string[] => matchingCommands(all, typed).map(({ label }) => label)

test('every word typed must be found, in whatever order and words', () => {
  assert.deepEqual(found('flights explore'), ['Explore Flights'])
  assert.deepEqual(found('console token'), ['API tokens'])
  assert.deepEqual(found('log out'), ['Sign Out'])
  assert.deepEqual(found('nothing like it'), [])
})

test('labels that begin with what was typed come first, then those in which a word does', () => {
  assert.deepEqual(found('api'), ['API Token', 'API tokens'])
  assert.deepEqual(found('s').slice(0, 2), ['Start', 'Sign Out'])
  assert.equal(found('out')[0], 'Sign Out')
})

test('without a word everything stands in the order given, in its groups', () => {
  assert.deepEqual(
    found(' '),
    all.map(({ label }) => label),
  )
  assert.deepEqual(
    inGroups(all).map(([group]) => group),
    ['Pages', 'My Profile', 'Explore', 'Admin console', 'Actions'],
  )
})

test('what the server found for the words stays, whatever its own words', () => {
  const person = command('Ada Lovelace', 'Accounts', { found: true })
  assert.deepEqual(matchingCommands([...all, person], 'countess'), [person])
})

test('signs that mean something elsewhere are just signs', () => {
  assert.deepEqual(found('.*('), [])
})
