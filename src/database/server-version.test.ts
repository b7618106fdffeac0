import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '#test/postgres.ts'
import { refuseOldServer, refuseOldVersion } from './server-version.ts'

test('a PostgreSQL that is too old is refused by its version, not by the first SQL that it does not know', async () => {
  for (const version of ['17.6', '9.6.24', '17.2 (Debian 17.2-1)', ''])
    assert.throws(() => refuseOldVersion(version), { code: 'database-too-old' })
  for (const version of ['18.0', '18.4 (Debian 18.4-1.pgdg13+1)', '19beta1']) refuseOldVersion(version)
  await using database = await testDatabase({ empty: true })
  await refuseOldServer(database.db)
})
