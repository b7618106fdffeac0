import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { describeTables } from '#src/database/describe-tables.ts'
import { testDatabase } from './postgres.ts'

test('tables.ts says what the migrations make (else run `npm run tables`)', async () => {
  await using database = await testDatabase()
  const written = await readFile(new URL('../src/database/tables.ts', import.meta.url), 'utf8')
  assert.equal(written, await describeTables(database.pool))
})
