import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { signedIn, tokensHouse } from '#test/tokens.ts'
import { tokenCommands } from './commands.ts'
import { tokenPattern } from './token-format.ts'

const house = await tokensHouse()

/** Runs `tessera token …` and returns what it printed. */
async function run(...words: string[]): Promise<string> {
  const printed: string[] = []
  const program = new Command().exitOverride()
  const needs = {
    ...house.needs,
    changer: house.accounts.change,
    print: (text: string) => void printed.push(text),
    remark: () => undefined,
  }
  tokenCommands(program, (body) => body(needs))
  for (const command of program.commands[0]!.commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined })
  program.commands[0]!.exitOverride().configureOutput({ writeErr: () => undefined })
  await program.parseAsync(['token', ...words], { from: 'user' })
  return printed.join('\n')
}

test('what is issued at the command line works, and what is revoked there is dead when the command returns', async () => {
  await house.person('ada', 'manager')
  const text = await run(
    'issue',
    '--account',
    'ada',
    '--name',
    'nightly',
    '--permission',
    'warehouse:read',
    'models:refresh:jobs',
    '--days',
    '30',
  )
  const secret = tokenPattern.exec(text)?.[0] ?? ''
  assert.equal(text, secret, 'the output is the token alone, for a variable of the shell')
  const caller = await house.show(secret)
  assert.deepEqual(caller?.grants.toTexts().sort(), ['models:refresh:jobs', 'warehouse:read'])
  assert.match(await run('list', '--account', 'ada'), new RegExp(`^${caller?.tokenId}  active .*ada  "nightly"`))
  assert.equal(await run('revoke', caller?.tokenId ?? '', '--reason', 'test'), `revoked ${caller?.tokenId}`)
  assert.equal(await house.show(secret), null)
  assert.equal(JSON.parse(await run('show', caller?.tokenId ?? '')).revoked_reason, 'test')
})

test('a token is narrowed, rotated and made anew at the command line', async () => {
  const bob = signedIn(await house.person('bob', 'manager'))
  const { token, secret } = await house.issue(bob, ['warehouse:read', 'models:refresh'])
  await run('narrow', token.id, '--permission', 'warehouse:read')
  assert.deepEqual((await house.show(secret))?.grants.toTexts(), ['warehouse:read'])
  const next = JSON.parse(await run('rotate', token.id, '--overlap', '60', '--json'))
  assert.ok((await house.show(next.secret)) && (await house.show(secret)))
  const third = JSON.parse(await run('recreate', next.id, '--json'))
  assert.equal(await house.show(next.secret), null)
  assert.ok(await house.show(third.secret))
})

test('all of an account’s tokens are counted first and revoked then', async () => {
  const cleo = signedIn(await house.person('cleo'))
  const secrets = [await house.issue(cleo, ['warehouse:read']), await house.issue(cleo, ['warehouse:read'])].map(
    ({ secret }) => secret,
  )
  assert.equal(await run('revoke', '--account', 'cleo', '--dry-run'), '2 tokens would be revoked')
  assert.ok(await house.show(secrets[0]!))
  assert.equal(await run('revoke', '--account', 'cleo'), 'revoked 2 tokens')
  for (const secret of secrets) assert.equal(await house.show(secret), null)
  assert.equal(JSON.parse(await run('list', '--account', 'cleo', '--state', 'revoked', '--json')).length, 2)
})

test('a new pepper is brought in at the command line', async () => {
  assert.match(await run('rotate-pepper'), /under pepper 2/)
  assert.equal(house.peppers.newest(), 2)
})

test('commands that say too little are refused as usage errors', async () => {
  await assert.rejects(run('revoke'), /name ids/)
  await assert.rejects(run('issue', '--account', 'ada'), /required option/)
  await assert.rejects(run('rotate', 'aaaaaaaaaaaa', '--overlap', 'soon'), /whole number/)
})
