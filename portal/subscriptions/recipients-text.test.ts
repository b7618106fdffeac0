import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRecipients, withRecipients } from './recipients-text.ts'

const brief = (text: string) =>
  readRecipients(text).recipients.map(({ address, name, values }) => [address, name, ...values])

test('a list as CSV is read with names and values, with and without a head, in each of its spellings', () => {
  const expected = [
    ['ada@example.org', 'Ada, Countess', 'gpu', 'cpu'],
    ['bob@example.org', 'bob@example.org'],
  ]
  assert.deepEqual(brief('e-mail,name,values\nada@example.org,"Ada, Countess",gpu|cpu\nbob@example.org\n'), expected)
  assert.deepEqual(brief('\uFEFFada@example.org;"Ada, Countess";gpu;cpu\r\nbob@example.org\r\n'), expected)
  assert.deepEqual(brief('Name\tE-Mail\nAda\tada@example.org'), [['ada@example.org', 'Ada']])
})

test('addresses in a row, as mail programs write them, are read one by one', () => {
  assert.deepEqual(brief('Ada <ada@example.org>, "Bob B." <bob@example.org>; '), [
    ['ada@example.org', 'Ada'],
    ['bob@example.org', 'Bob B.'],
  ])
  assert.deepEqual(brief('a@example.org; b@example.org;c@example.org').length, 3)
})

test('what holds no address is named by its line, and who stands there twice is taken once, with all values', () => {
  const read = readRecipients('ada@example.org,Ada,gpu\nnobody\nADA@example.org,Ada,cpu\n@example.org')
  assert.deepEqual(
    read.recipients.map(({ values }) => values),
    [['gpu', 'cpu']],
  )
  assert.deepEqual(read.refused, [
    { line: 2, text: 'nobody' },
    { line: 4, text: '@example.org' },
  ])
  assert.equal(read.doubles, 1)
})

test('people who are in the list already are not added again', () => {
  const [ada] = readRecipients('ada@example.org').recipients
  assert.ok(ada)
  assert.deepEqual(withRecipients([ada], readRecipients('Ada@Example.org\nbob@example.org').recipients).length, 2)
})
