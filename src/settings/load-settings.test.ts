import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Problem } from '#src/problem/problem.ts'
import { parseIni } from './ini.ts'
import { loadSettings } from './load-settings.ts'
import { settingOf } from './schema.ts'
import { settingsReference } from './settings-reference.ts'

function directory(t: TestContext, ini?: string): string {
  const root = mkdtempSync(path.join(tmpdir(), 'tessera-settings-'))
  t.after(() => rmSync(root, { recursive: true }))
  if (ini !== undefined) writeFileSync(path.join(root, 'portal_settings.ini'), ini)
  return root
}

function faultsOf(root: string, env: Record<string, string> = {}): string[] {
  try {
    loadSettings({ root, env })
  } catch (error) {
    const { details, code } = error as Problem
    assert.equal(code, 'invalid-settings')
    return (details.errors ?? []).map(({ pointer, detail }) => `${path.basename(pointer)}: ${detail}`)
  }
  return []
}

test('with no file at all, every default holds, and paths start at the product', (t) => {
  const root = directory(t)
  const { settings, entries, notes } = loadSettings({ root, env: {} })
  assert.deepEqual([settings.general.host, settings.general.port, settings.general.demo], ['127.0.0.1', 8080, true])
  assert.equal(settings.apiToken.expirationInterval, '6 months')
  assert.equal(settings.datawarehouse.restRawRowLimit, 10_000)
  assert.equal(settings.datawarehouse.restRawStreamLimit, null)
  assert.equal(settings.general.dataDirectory, path.join(root, 'var'))
  assert.equal(settings.apiToken.pepperFile, path.join(root, 'var/secrets/token-pepper'))
  assert.equal(settings.jupyterhub.publicKeyFile, null)
  const named = loadSettings({ root, env: { TESSERA_JUPYTERHUB__PUBLIC_KEY_FILE: 'hub.pem' } })
  assert.equal(named.settings.jupyterhub.publicKeyFile, path.join(root, 'hub.pem'))
  assert.equal(settings.general.siteAddress, 'http://localhost:8080')
  assert.ok(entries.every(({ source }) => source.from === 'default'))
  assert.deepEqual(notes, [])
})

test('the environment goes over the file, the file over the default, and each value says where it is from', (t) => {
  const root = directory(t, '[general]\ntitle = "From the file"\nport = 9000\n')
  const { settings, entries } = loadSettings({ root, env: { TESSERA_GENERAL__PORT: '9001', HOME: '/root' } })
  assert.deepEqual([settings.general.title, settings.general.port], ['From the file', 9001])
  const sources = new Map(entries.map(({ section, key, source }) => [`${section}.${key}`, source]))
  assert.deepEqual(sources.get('general.title'), {
    from: 'file',
    file: path.join(root, 'portal_settings.ini'),
    line: 2,
  })
  assert.deepEqual(sources.get('general.port'), { from: 'environment', name: 'TESSERA_GENERAL__PORT' })
  assert.deepEqual(sources.get('general.host'), { from: 'default' })
})

test('settings cannot be changed, and secrets are shown as dots', (t) => {
  const url = 'postgres://me:hush@db.example.org/tessera'
  const { settings, entries } = loadSettings({ root: directory(t), env: { TESSERA_DATABASE__URL: url } })
  assert.equal(settings.database.url, url)
  assert.throws(() => Object.assign(settings.database, { url: null }), TypeError)
  assert.throws(() => Object.assign(settings, { database: null }), TypeError)
  assert.doesNotMatch(JSON.stringify(entries), /hush/)
})

test('a page shows what is in effect, which file was read, and no password wherever one stands', (t) => {
  const root = directory(t, '[mailer]\nsmtp_url = "smtps://portal:hush@mail.example.org"\n')
  const { entries, file } = loadSettings({
    root,
    env: {
      TESSERA_DATABASE__URL: 'postgres://me:hu%2Fsh@db.example.org/tessera',
      TESSERA_DATA_WAREHOUSE_EXPORT__HASH_SALT: 'hush',
      TESSERA_MAILER__SENDER_NAME: 'see https://me:hu/sh@example.org',
      TESSERA_GENERAL__PORT: ' 9000 ',
    },
  })
  assert.deepEqual(file, { path: path.join(root, 'portal_settings.ini'), present: true })
  const shown = Object.fromEntries(entries.map(({ section, key, value }) => [`${section}.${key}`, value]))
  assert.equal(shown['database.url'], '••••••')
  assert.equal(shown['mailer.smtp_url'], '••••••')
  assert.equal(shown['data_warehouse_export.hash_salt'], '••••••')
  assert.equal(shown['mailer.sender_name'], 'see https://••••••@example.org')
  assert.doesNotMatch(JSON.stringify(entries), /hu\W?sh|hu%2Fsh|portal:|me:/)
  assert.equal(shown['general.port'], '9000')
  assert.equal(shown['general.site_address'], 'http://localhost:9000')
  assert.equal(shown['general.data_directory'], path.join(root, 'var'))
  assert.equal(shown['mailer.sender_email'], 'noreply@localhost')
  assert.equal(shown['datawarehouse.memory_limit'], '1 GB')

  const bare = loadSettings({ root: directory(t), env: {} })
  assert.equal(bare.file.present, false)
  const secrets = bare.entries.filter(({ section, key }) => settingOf(section, key)?.secret)
  assert.ok(secrets.length >= 3)
  assert.ok(secrets.every(({ value }) => value === ''))
})

test('every bad line is named at once, with its number and what to write instead', (t) => {
  const root = directory(
    t,
    [
      '[general]',
      'port = "eighty"',
      'time_zone = Mars/Olympus',
      'tittle = "Portal"',
      'this is nothing',
      'title = "one"',
      'title = "two"',
      '[api_tokens]',
      'expiration_interval = "6 months"',
      '[api_token]',
      'expiration_interval = "6 monhts"',
      'port = 1',
      '# a comment',
      '[datawarehouse]',
      'rest_raw_row_limit = 0',
      'memory_limit = lots',
      '[cors]',
      'domains = "https://a.example.org/path, ftp://x"',
      '[mailer]',
      'smtp_url = "http://hush@mail"',
      'subject_prefix = "never closed',
    ].join('\n'),
  )
  const faults = faultsOf(root, {
    TESSERA_LOGGER__LEVEL: 'loud',
    TESSERA_GENERAL__HOSTT: 'x',
    TESSERA_API_TOKEN_MAXIMUM: '1 day',
  })
  const said = [
    /^portal_settings\.ini:2: \[general\] port = "eighty" is not a whole number/,
    /^portal_settings\.ini:3: \[general\] time_zone = "Mars\/Olympus" is not a time zone; write an IANA name/,
    /^portal_settings\.ini:4: \[general\] tittle is not a setting; did you mean title\?/,
    /^portal_settings\.ini:5: is neither/,
    /^portal_settings\.ini:7: \[general\] title was set before, in line 6/,
    /^portal_settings\.ini:8: \[api_tokens\] is not a section; did you mean \[api_token\]\?/,
    /^portal_settings\.ini:11: \[api_token\] expiration_interval = "6 monhts" is not a relative time; write e\.g\. "6 months"/,
    /^portal_settings\.ini:12: \[api_token\] port is not a setting; it belongs to \[general\]/,
    /^portal_settings\.ini:13: begins with #/,
    /^portal_settings\.ini:15: \[datawarehouse\] rest_raw_row_limit = "0" is not a whole number from 1/,
    /^portal_settings\.ini:16: \[datawarehouse\] memory_limit = "lots" is not a size/,
    /^portal_settings\.ini:18: \[cors\] domains .* has "https:\/\/a\.example\.org\/path" in it/,
    /^portal_settings\.ini:18: \[cors\] domains .* has "ftp:\/\/x" in it/,
    /^portal_settings\.ini:20: \[mailer\] smtp_url is not an address beginning with smtp:\/\/ or smtps:\/\//,
    /^portal_settings\.ini:21: subject_prefix: has an opening " that is never closed/,
    /^environment TESSERA_LOGGER__LEVEL: \[logger\] level = "loud" is not known; write one of fatal, error/,
    /^environment TESSERA_GENERAL__HOSTT: is not a setting; did you mean TESSERA_GENERAL__HOST\?/,
    /^environment TESSERA_API_TOKEN_MAXIMUM: is not a setting; did you mean TESSERA_API_TOKEN__MAXIMUM\?/,
  ]
  for (const pattern of said)
    assert.ok(
      faults.some((fault) => pattern.test(fault)),
      `${pattern} in\n${faults.join('\n')}`,
    )
  assert.equal(faults.length, said.length, faults.join('\n'))
  assert.doesNotMatch(faults.join('\n'), /hush/)
  const lines = faults.map((fault) => Number(/ini:(\d+)/.exec(fault)?.[1] ?? 99))
  assert.deepEqual(
    lines,
    lines.toSorted((a, b) => a - b),
  )
})

test('a file that is named must be there', (t) => {
  const root = directory(t)
  assert.match(
    faultsOf(root, { TESSERA_SETTINGS: 'elsewhere.ini' })[0] ?? '',
    /elsewhere\.ini: cannot be read \(ENOENT\)/,
  )
})

test('an empty expiration_interval switches personal tokens off', (t) => {
  for (const written of ['""', '', '" "']) {
    const { settings } = loadSettings({
      root: directory(t, `[api_token]\nexpiration_interval = ${written}\n`),
      env: {},
    })
    assert.equal(settings.apiToken.expirationInterval, null)
  }
})

test('an existing portal_settings.ini of XDMoD is read as it is, and what has no effect is said', (t) => {
  const root = directory(
    t,
    `\uFEFF; made by xdmod-setup
[general]\r
title = 'Our XDMoD'
site_address = "https://xdmod.example.org/"
debug_mode = "off"
maintainer_email_signature = "The team
at the centre"
[mailer]
sender_name = "Open XDMoD Mailer"
sender_email = ""
captcha_public_key = ""
[sso]
show_local_login = "off"
[cors]
domains = "https://hub.example.org,https://b.example.org"
[database]
db_engine = "MySQLDB"
host = "localhost"
port = "3306"
pass = "a;b\\"c"
[datawarehouse]
host = "localhost"
rest_raw_row_limit = "10000" ; as before
[data_warehouse_export]
hash_salt = "pepper"
retention_duration_days = "30"
[features]
anything = on
[jupyterhub]
url = "https://hub.example.org/"
[api_token]
expiration_interval = "6 months"
`,
  )
  const { settings, notes } = loadSettings({ root, env: {} })
  assert.equal(settings.general.title, 'Our XDMoD')
  assert.equal(settings.general.siteAddress, 'https://xdmod.example.org')
  assert.equal(settings.mailer.senderEmail, 'noreply@xdmod.example.org')
  assert.deepEqual(settings.cors.domains, ['https://hub.example.org', 'https://b.example.org'])
  assert.equal(settings.dataWarehouseExport.hashSalt, 'pepper')
  assert.equal(settings.database.url, null)
  assert.ok(
    notes.some((note) =>
      /portal_settings\.ini:18: \[database\] host has no effect here: .*\[database\] url/.test(note),
    ),
    notes.join('\n'),
  )
  assert.equal(notes.length, 12)
})

test('a value has the meaning that PHP gives it', () => {
  const values = (text: string) => parseIni(`[s]\n${text}`).entries.map(({ value }) => value)
  assert.deepEqual(values('a = 1 ; one\nb= "x;y" ; z\nc =\'it"s\'\nd = "say \\"hi\\" \\\\ \\n"\ne ='), [
    '1',
    'x;y',
    'it"s',
    'say "hi" \\ \\n',
    '',
  ])
  assert.deepEqual(values('a = "one\ntwo"\nb = 3'), ['one\ntwo', '3'])
})

test('whatever the file holds, reading it names lines that exist and never throws', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.constantFrom('[a]', 'k = "v"', "k = 'v", 'k = "', ';', '=', '[', 'k == v', '"'),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const text = lines.join('\n')
      const { entries, faults, sections } = parseIni(text)
      const last = text.split(/\r\n|\n|\r/).length
      for (const at of [...entries, ...faults, ...sections]) assert.ok(at.line >= 1 && at.line <= last)
    }),
  )
})

test('every quoted value comes back as it went in', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (value) => {
      const read = value.replace(/\r\n|\r/g, '\n')
      const written = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
      assert.deepEqual(parseIni(`[s]\nk = "${written}" ; comment`).entries, [
        { section: 's', key: 'k', value: read, line: 2 },
      ])
    }),
  )
})

test('the reference lists every setting with a default that its own type takes', () => {
  const rows = settingsReference()
  assert.ok(rows.length > 30)
  assert.equal(new Set(rows.map(({ environment }) => environment)).size, rows.length)
  assert.ok(rows.some(({ environment }) => environment === 'TESSERA_API_TOKEN__EXPIRATION_INTERVAL'))
  const env = Object.fromEntries(rows.map((row) => [row.environment, row.example ?? row.default]))
  assert.doesNotThrow(() => loadSettings({ root: '/nonexistent', env }))
})

test('sources have the names that an administrator gives them; their addresses are secrets', (t) => {
  const ini = '[sources]\nsales = postgres://reader:hush@db.example.org/sales\nlab_1 = mariadb://x:hush@db/lab\n'
  const env = { TESSERA_SOURCES__SALES: 'mysql://reader:hush@other/sales', TESSERA_SOURCES__CRM: 'postgres://db/crm' }
  const { settings, entries } = loadSettings({ root: directory(t, ini), env })
  assert.deepEqual(settings.sources, {
    sales: 'mysql://reader:hush@other/sales',
    lab_1: 'mariadb://x:hush@db/lab',
    crm: 'postgres://db/crm',
  })
  const shown = entries.filter((entry) => entry.section === 'sources')
  assert.deepEqual(shown.map((entry) => `${entry.key} ${entry.source.from}`).sort(), [
    'crm environment',
    'lab_1 file',
    'sales environment',
  ])
  assert.ok(!JSON.stringify(shown).includes('hush'))
  assert.deepEqual(loadSettings({ root: directory(t), env: {} }).settings.sources, {})

  const wrong = directory(t, '[sources]\nMy-Lab = postgres://db/x\nweb = ftp://reader:hush@db/x\n')
  const faults = faultsOf(wrong, { TESSERA_SOURCES__1: 'postgres://db/x' }).join('\n')
  assert.match(faults, /:2: \[sources\] My-Lab: a name has lower-case letters/)
  assert.match(faults, /:3: \[sources\] web is not an address beginning with postgres:\/\//)
  assert.match(faults, /TESSERA_SOURCES__1: is not a setting/)
  assert.ok(!faults.includes('hush'))
})
