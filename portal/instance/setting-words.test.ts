import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differs, findSettings, type Setting, sourceWords } from './setting-words.ts'

const setting = (over: Partial<Setting>): Setting => ({
  section: 'general',
  key: 'title',
  value: 'Tessera',
  default: 'Tessera',
  source: 'default',
  line: null,
  environment_name: 'TESSERA_GENERAL__TITLE',
  meaning: 'Name of the portal on pages and in mails.',
  example: null,
  secret: false,
  ...over,
})

test('where a value comes from is said so that it can be found there', () => {
  assert.deepEqual(
    [setting({}), setting({ source: 'file', line: 12 }), setting({ source: 'environment' })].map(sourceWords),
    ['the default', 'line 12 of the file', 'TESSERA_GENERAL__TITLE'],
  )
})

test('only what was set to something else differs from the default', () => {
  assert.equal(differs(setting({})), false)
  assert.equal(differs(setting({ value: 'http://localhost:8080', default: '' })), false, 'worked out, not set')
  assert.equal(differs(setting({ source: 'file', line: 1 })), false, 'set to what it is anyway')
  assert.equal(differs(setting({ source: 'file', line: 1, value: 'Ours' })), true)
  assert.equal(differs(setting({ source: 'environment', secret: true, value: '••••', default: '' })), true)
})

test('settings are found by any words of theirs, under their sections in their order', () => {
  const settings = [
    setting({}),
    setting({
      section: 'mailer',
      key: 'smtp_url',
      value: '••••',
      secret: true,
      source: 'environment',
      meaning: 'Where mails go.',
    }),
    setting({ key: 'port', value: '8080', meaning: 'Port to listen on.' }),
  ]
  const found = (search: string, changedOnly = false) =>
    [...findSettings(settings, { search, changedOnly })].map(([section, of]) => [section, of.map(({ key }) => key)])
  assert.deepEqual(found(''), [
    ['general', ['title', 'port']],
    ['mailer', ['smtp_url']],
  ])
  assert.deepEqual(found('[GENERAL] listen'), [['general', ['port']]])
  assert.deepEqual(found('mails'), [
    ['general', ['title']],
    ['mailer', ['smtp_url']],
  ])
  assert.deepEqual(found('', true), [['mailer', ['smtp_url']]])
})
