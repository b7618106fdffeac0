/** The command `tessera token revoke` in a process of its own, one token after the other as they are asked for. */
import { Command } from 'commander'
import type { ClientConfig } from 'pg'
import { writeNotes } from '#src/audit/write-notes.ts'
import { makeChanger } from '#src/database/change.ts'
import { makeAnnounce } from '#src/database/lease.ts'
import { connect } from '#src/database/open-database.ts'
import { tokenCommands } from '#src/tokens/commands.ts'
import { openPeppers } from '#src/tokens/peppers.ts'

const [connection = '{}', pepperFile = ''] = process.argv.slice(2)
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const { db } = connect(JSON.parse(connection) as ClientConfig, { log, poolSize: 2 })
const needs = {
  db,
  changer: makeChanger(db, writeNotes),
  announce: makeAnnounce(db),
  peppers: openPeppers(pepperFile),
  policy: { expirationInterval: '6 months', maximum: '1 year', dataverseLifetime: '1 year', timeZone: 'UTC' },
  terms: null,
  clock: { now: () => new Date() },
  print: () => undefined,
  remark: () => undefined,
}

process.on('message', async (id: string) => {
  const program = new Command()
  tokenCommands(program, (body) => body(needs))
  await program.parseAsync(['token', 'revoke', id], { from: 'user' })
  process.send?.({ revoked: id })
})
process.on('disconnect', () => process.exit())
process.send?.({ ready: true })
