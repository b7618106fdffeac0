import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Command } from 'commander'
import { makeChanger } from '#src/database/change.ts'
import { operator } from '#test/accounts.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { auditCommands } from './commands.ts'
import { canonicalJson } from './event.ts'
import { writeNotes } from './write-notes.ts'

describe('tessera audit', () => {
  let on: TestDatabase
  before(async () => {
    on = await testDatabase()
    const change = makeChanger(on.db, writeNotes)
    for (const [verb, subjectId] of [
      ['token.issued', 't1'],
      ['token.issued', 't2'],
      ['token.revoked', 't1'],
    ] as const) {
      const detail = { note: `line\nbreak \u001b[31m for ${subjectId}` }
      await change(operator, async (change) => change.note({ verb, subjectType: 'token', subjectId, detail }))
    }
  })
  after(() => on.close())

  async function run(...line: string[]): Promise<{ printed: string; code: number }> {
    let printed = ''
    const program = new Command('tessera')
    const write = async (text: string) => {
      printed += text
    }
    auditCommands(program, (body) => body({ db: on.db, checkpointFile: '/nonexistent/checkpoints' }), write)
    await program.parseAsync(['audit', ...line], { from: 'user' })
    const code = Number(process.exitCode ?? 0)
    process.exitCode = 0
    return { printed, code }
  }

  test('verify says that the trail is whole', async () => {
    const { printed, code } = await run('verify')
    assert.match(printed, /^The audit trail is whole: 3 events/)
    assert.equal(code, 0)
  })

  test('list shows the newest first, one event a line, filtered', async () => {
    const { printed } = await run('list')
    assert.deepEqual(printed.match(/token\.\w+/g), ['token.revoked', 'token.issued', 'token.issued'])
    assert.equal(printed.trimEnd().split('\n').length, 3)
    assert.ok(!printed.includes('\u001b'), 'nothing that a terminal would obey')
    assert.equal((await run('list', '--subject', 't1', '--json')).printed.trimEnd().split('\n').length, 2)
    assert.equal((await run('list', '--until', '2000-01-01')).printed, '')
  })

  test('export writes lines from which anyone can recompute the chain', async () => {
    const { printed } = await run('export')
    const { createHash } = await import('node:crypto')
    let before = '0'.repeat(64)
    for (const line of printed.trimEnd().split('\n')) {
      const { hash, ...event } = JSON.parse(line)
      assert.equal(event.prev_hash, before)
      assert.equal(hash, createHash('sha256').update(canonicalJson(event)).digest('hex'))
      before = hash
    }
  })

  test('verify says where the trail is broken, and fails', async () => {
    await on.pool.query(`
      alter table audit_events disable trigger user;
      update audit_events set account_name = 'nobody' where id = 2;
      alter table audit_events enable trigger user`)
    const { printed, code } = await run('verify')
    assert.match(printed, /NOT whole/)
    assert.match(printed, /edited +the content of event 2 /)
    assert.equal(code, 1)
    const json = await run('verify', '--json')
    assert.equal(JSON.parse(json.printed).faults[0].event, 2)
  })
})
