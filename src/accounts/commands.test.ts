import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Command } from 'commander'
import type { Problem } from '#src/problem/problem.ts'
import { accountsOver, operator } from '#test/accounts.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { checkPassword } from './check-password.ts'
import { accountCommands } from './commands.ts'

describe('tessera account', () => {
  let on: TestDatabase
  let accounts: ReturnType<typeof accountsOver>
  before(async () => {
    on = await testDatabase()
    accounts = accountsOver(on)
  })
  after(() => on.close())

  /** What the command prints; a usage error or a problem is thrown. */
  async function run(line: string, input = ''): Promise<string> {
    const printed: string[] = []
    const program = new Command('tessera').exitOverride()
    const terminal = { print: (text: string) => void printed.push(text), input: async () => input }
    accountCommands(program, (body) => body({ ...accounts.needs, actor: operator }), terminal)
    const silence = (command: Command): void => {
      command.exitOverride().configureOutput({ writeErr: () => undefined })
      for (const child of command.commands) silence(child)
    }
    silence(program)
    await program.parseAsync(['account', ...line.split(' ')], { from: 'user' })
    return printed.join('\n')
  }
  const codeOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'ok',
      (problem: Problem) => problem.code,
    )
  const signsIn = (userName: string, password: string) =>
    codeOf(checkPassword(accounts.needs, { userName, password, address: '192.0.2.1', client: null }))

  test('create prints a password once, and it works', async () => {
    const printed = await run('create ada --role admin --display-name Ada')
    const [, password] = /shown only now:\s+(\S+)$/.exec(printed) ?? []
    assert.ok(password)
    assert.equal(await signsIn('ada', password), 'ok')
    assert.ok(!(await run('show ada')).includes(password))
  })

  test('create takes a password from the standard input, judged like any other, and prints none', async () => {
    assert.equal(await codeOf(run('create bob --password-stdin', 'password1234\n')), 'password-unacceptable')
    const printed = await run('create bob --password-stdin --json', 'moths in the relays\n')
    assert.ok(!printed.includes('moths'))
    assert.equal(JSON.parse(printed).role, 'member')
    assert.equal(await signsIn('bob', 'moths in the relays'), 'ok')
  })

  test('create makes service accounts, and invitations', async () => {
    assert.match(await run('create robot --service --owner ada'), /service account robot/)
    assert.match(await run('create cleo --link'), /http:\/\/localhost:8080\/set-password#[\w-]{43}/)
    const listed = await run('list')
    assert.deepEqual(listed.match(/^\S+/gm), ['ada', 'bob', 'cleo', 'robot'])
    assert.deepEqual(
      (await run('list --kind service --json')).split('\n').map((line) => JSON.parse(line).user_name),
      ['robot'],
    )
  })

  test('arguments are judged before anything is done', async () => {
    for (const line of [
      'create -x',
      'create a/b',
      'create dan --email nowhere',
      'create dan --role king',
      'role bob king',
    ]) {
      assert.match(await codeOf(run(line)), /^commander\./, line)
    }
    assert.equal(await codeOf(run('show nobody')), 'account-not-found')
    assert.equal(await codeOf(run('create BOB')), 'user-name-taken')
  })

  test('role, disable and enable do what they say, and leave an administrator', async () => {
    assert.match(await run('role bob manager'), /role\s+manager/)
    assert.match(await run('disable bob'), /state\s+disabled/)
    assert.equal(await signsIn('bob', 'moths in the relays'), 'account-disabled')
    assert.match(await run('enable bob'), /state\s+active/)
    assert.equal(await codeOf(run('disable ada')), 'last-admin')
  })

  test('reset-password prints a new one once, ends the old one, and brings back who was locked out', async () => {
    const printed = JSON.parse(await run('reset-password bob --json'))
    assert.equal(await signsIn('bob', 'moths in the relays'), 'sign-in-failed')
    assert.equal(await signsIn('bob', printed.password), 'ok')
    assert.match(await run('reset-password bob --link'), /set-password#/)
    assert.equal(await signsIn('bob', printed.password), 'ok', 'a link leaves the password until it is used')
    assert.equal(await codeOf(run('reset-password robot')), 'account-unsuitable')
  })
})
