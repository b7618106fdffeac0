import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import { sections } from '#src/settings/schema.ts'
import { asAdmin } from '#test/as-admin.ts'
import { testProduct } from '#test/product.ts'
import type { Setting } from './contract.ts'

test('settings are listed in the order of the reference, with where they come from, and hold no secret', async () => {
  await using product = await testProduct({
    TESSERA_MAILER__SMTP_URL: 'smtps://portal:hush-mail@mail.example.org',
    TESSERA_DATA_WAREHOUSE_EXPORT__HASH_SALT: 'hush-salt',
    TESSERA_DATAWAREHOUSE__THREADS: '2',
  })
  const secrets = ['hush-mail', 'hush-salt', /:([^:@]+)@/.exec(product.base.settings.database.url ?? '')?.[1] ?? '']
  const admin = await asAdmin(product)
  const answer = await admin('/v1/settings')
  assert.equal(answer.status, 200)
  const text = await answer.text()
  for (const secret of secrets) assert.ok(secret !== '' && !text.includes(secret), 'no secret leaves')

  const { file, settings } = JSON.parse(text) as {
    file: { path: string; present: boolean }
    settings: z.output<typeof Setting>[]
  }
  assert.match(file.path, /portal_settings\.ini$/)
  const names = settings.map(({ section, key }) => `${section}.${key}`)
  const declared = Object.entries(sections).flatMap(([name, keys]) => Object.keys(keys).map((key) => `${name}.${key}`))
  assert.deepEqual(names, declared)

  const of = (name: string) => settings[names.indexOf(name)]
  assert.equal(of('database.url')?.value, '••••••')
  assert.equal(of('mailer.smtp_url')?.value, '••••••')
  assert.deepEqual(of('datawarehouse.threads'), {
    section: 'datawarehouse',
    key: 'threads',
    value: '2',
    default: '',
    source: 'environment',
    line: null,
    environment_name: 'TESSERA_DATAWAREHOUSE__THREADS',
    meaning: sections.datawarehouse.threads.meaning,
    example: '4',
    secret: false,
  })
  assert.equal(of('general.title')?.source, 'default')
  assert.equal(of('general.data_directory')?.value, product.base.settings.general.dataDirectory)
})

test('only who may read the settings gets them', async () => {
  await using product = await testProduct()
  const admin = await asAdmin(product)
  const made = await admin('/v1/tokens', { name: 'narrow', permissions: ['warehouse:read'] })
  const { secret } = (await made.json()) as { secret: string }
  const refused = await fetch(`${product.url}/v1/settings`, { headers: { authorization: `Bearer ${secret}` } })
  assert.equal(refused.status, 403)
  assert.equal((await fetch(`${product.url}/v1/settings`)).status, 401)
})
