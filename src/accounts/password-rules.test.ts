import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultOf } from './password-rules.ts'

const context = {
  minimumLength: 12,
  userName: 'grace.hopper',
  names: ['Grace Hopper', null, 'grace'],
  siteName: 'Riverside Data Portal',
}

test('length is what makes a password good; no kind of character is asked for', () => {
  for (const good of [
    'tbqwmzrkvnxg',
    'rainy tuesdays in lisbon',
    '829461750382',
    'ぬるぽがっぬるぽがっ日本語',
    'käse-brot-flut',
    'x7k2m-9pqrt-hw4ns-b8vzc',
    'aaalmzqpwy tr vb',
    `zk${'qm yx'.repeat(204)}`,
  ]) {
    assert.equal(faultOf(good, context), null, good)
  }
})

test('eleven characters are too few and 1025 too many, counted as people count', () => {
  assert.match(faultOf('tbqwmzrkvnx', context) ?? '', /at least 12 characters; it has 11/)
  assert.match(faultOf('😀😁😂🤣😃😄😅😆😉😊😋', context) ?? '', /it has 11/)
  assert.match(faultOf('zkqmyxtrvb w'.repeat(90), context) ?? '', /at most 1024/)
})

test('what guessers try first is refused, also in disguise', () => {
  for (const bad of [
    'password1234',
    'P@ssw0rd1234',
    'Passw0rd!2024',
    'passwordpassword',
    '123456789012',
    '098765432109',
    'abcdefghijkl',
    'qwertyuiop12',
    'QWERTZUIOP!!',
    '1qaz2wsx3edc',
    'aaaaaaaaaaaa',
    'abababababab',
    'administrator',
    'Administrator1',
    'welcome12345',
    'letmeinletmein',
    'changeme2026',
    'correct horse battery staple',
    'iloveyou1234',
    'Monday-Tuesday',
  ]) {
    assert.notEqual(faultOf(bad, context), null, bad)
  }
})

test('the names of the person and of the site do not make up a password', () => {
  for (const bad of ['grace.hopper1', 'gracehopper2026!', 'Riverside Portal', 'hopper-hopper-hopper']) {
    assert.match(faultOf(bad, context) ?? '', /your own names/, bad)
  }
  assert.equal(faultOf('hopper found a moth', context), null)
})
