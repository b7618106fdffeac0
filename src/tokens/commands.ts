import { userInfo } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { actor, localCaller } from '#src/access/caller.ts'
import type { Change, Changer, Database } from '#src/database/change.ts'
import { tokenStates } from './contract.ts'
import { type Issued, issueToken } from './issue-token.ts'
import { listTokens } from './list-tokens.ts'
import { narrowToken } from './narrow-token.ts'
import { presentToken } from './present-token.ts'
import { revokeToken, revokeTokens } from './revoke-token.ts'
import { rotatePeppers } from './rotate-peppers.ts'
import { type RotateNeeds, recreateToken, rotateToken } from './rotate-token.ts'
import { showToken } from './show-token.ts'
import type { TokenFilter, TokenRow } from './store.ts'
import { stateOf } from './token-state.ts'

export interface TokenCommandNeeds extends RotateNeeds {
  readonly db: Database
  readonly changer: Changer
  readonly print: (text: string) => void
  /** Says something that is no part of the outcome, so that `TOKEN=$(tessera token issue …)` holds the token alone. */
  readonly remark: (text: string) => void
}

type WithNeeds = (body: (needs: TokenCommandNeeds) => Promise<void>) => Promise<void>

interface ExpiryOptions {
  readonly expiresAt?: string
  readonly days?: number
}

/** `tessera token …`: works beside a live server; what a command revokes is dead when it returns. */
export function tokenCommands(program: Command, withNeeds: WithNeeds): void {
  const token = program.command('token').description('make, list and revoke API tokens')
  const me = localCaller('command', userInfo().username)
  const change = <T>({ changer }: TokenCommandNeeds, body: (change: Change) => Promise<T>) => changer(actor(me), body)

  withExpiry(token.command('issue').description('make a token for an account'))
    .requiredOption('--account <name>', 'user name of the account that it speaks for')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption('--permission <permission...>', 'e.g. warehouse:read or models:refresh:jobs')
    .option('--description <text>')
    .option('--json', 'for programs')
    .action(
      (
        options: ExpiryOptions & {
          account: string
          name: string
          permission: string[]
          description?: string
          json?: boolean
        },
      ) =>
        withNeeds(async (needs) => {
          const { account, name, description, permission: permissions } = options
          const ask = { account, name, description, permissions, ...expiryOf(options) }
          printIssued(needs, await change(needs, (tx) => issueToken(needs, tx, ask)), options.json)
        }),
    )

  token
    .command('list')
    .description('list tokens, newest first')
    .option('--account <name>', 'only this account’s')
    .addOption(new Option('--state <state>').choices(tokenStates))
    .option('--limit <number>', 'how many at most', wholeNumber, 1000)
    .option('--json', 'for programs')
    .action((options: { account?: string; state?: (typeof tokenStates)[number]; limit: number; json?: boolean }) =>
      withNeeds(async (needs) => {
        const now = needs.clock.now()
        const filter = { everyone: true, accountName: options.account, state: options.state }
        const page = { now, limit: options.limit, after: null }
        const { tokens: rows } = await listTokens(needs.db, me, filter, page)
        if (options.json)
          needs.print(
            JSON.stringify(
              rows.map((row) => presentToken(row, now)),
              null,
              2,
            ),
          )
        else for (const row of rows) needs.print(lineOf(row, now))
      }),
    )

  token
    .command('show')
    .description('show a token')
    .argument('<id>', 'public id')
    .action((id: string) =>
      withNeeds(async (needs) => {
        needs.print(JSON.stringify(presentToken(await showToken(needs.db, me, id), needs.clock.now()), null, 2))
      }),
    )

  token
    .command('revoke')
    .description('revoke tokens; no process accepts them when this returns')
    .argument('[id...]', 'public ids')
    .option('--account <name>', 'all of this account’s')
    .option('--all', 'everyone’s')
    .option('--dry-run', 'only count them')
    .option('--reason <text>', 'for the audit trail and the owner', 'revoked at the command line')
    .action((ids: string[], options: { account?: string; all?: true; dryRun?: true; reason: string }) =>
      withNeeds(async (needs) => {
        const { account, all, dryRun = false, reason } = options
        const filter: TokenFilter = { ...(ids.length > 0 && { ids }), accountName: account }
        if (ids.length === 0 && account === undefined && !all)
          token.error('name ids, --account or --all', { exitCode: 2 })
        const [only] = ids
        if (only !== undefined && ids.length === 1 && account === undefined && !dryRun) {
          const revoked = await change(needs, (tx) => revokeToken(needs, tx, { id: only, reason }))
          needs.print(revoked ? `revoked ${only}` : `${only} was revoked before`)
          return
        }
        const found = await change(needs, (tx) => revokeTokens(needs, tx, { filter, reason, dryRun }))
        needs.print(dryRun ? `${found} tokens would be revoked` : `revoked ${found} tokens`)
      }),
    )

  withExpiry(token.command('rotate').description('give a token a successor').argument('<id>', 'public id'))
    .option('--overlap <seconds>', 'how long the old one works on', wholeNumber, 86_400)
    .option('--json', 'for programs')
    .action((id: string, options: ExpiryOptions & { overlap: number; json?: boolean }) =>
      withNeeds(async (needs) => {
        const ask = { id, overlapSeconds: options.overlap, ...expiryOf(options) }
        printIssued(needs, await change(needs, (tx) => rotateToken(needs, tx, ask)), options.json)
      }),
    )

  withExpiry(
    token.command('recreate').description('make a token anew; the old one stops').argument('<id>', 'public id'),
  )
    .option('--json', 'for programs')
    .action((id: string, options: ExpiryOptions & { json?: boolean }) =>
      withNeeds(async (needs) => {
        printIssued(
          needs,
          await change(needs, (tx) => recreateToken(needs, tx, { id, ...expiryOf(options) })),
          options.json,
        )
      }),
    )

  withExpiry(token.command('narrow').description('take permissions or time from a token').argument('<id>', 'public id'))
    .option('--permission <permission...>', 'what it keeps')
    .action((id: string, options: ExpiryOptions & { permission?: string[] }) =>
      withNeeds(async (needs) => {
        const ask = { id, permissions: options.permission, ...expiryOf(options) }
        const { token: narrowed } = await change(needs, (tx) => narrowToken(needs, tx, ask))
        needs.print(lineOf(narrowed, needs.clock.now()))
      }),
    )

  token
    .command('rotate-pepper')
    .description('bring in a new key under which token secrets are hashed')
    .action(() =>
      withNeeds(async (needs) => {
        const { newest, older } = await change(needs, (tx) => rotatePeppers(needs, tx))
        needs.print(`New secrets are hashed under pepper ${newest}.`)
        for (const { pepper, secrets } of older)
          needs.print(`${secrets} living secrets stay under pepper ${pepper} until they are next used.`)
      }),
    )
}

const withExpiry = (command: Command): Command =>
  command
    .option('--expires-at <time>', 'a moment (ISO 8601) or a day, through whose end it works')
    .option('--days <number>', 'how many days it works', wholeNumber)

const expiryOf = ({ expiresAt, days }: ExpiryOptions) => ({ expires_at: expiresAt, expires_in_days: days })

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number.')
  return Number(text)
}

function printIssued(
  { clock, print, remark }: TokenCommandNeeds,
  { token, secret }: Issued,
  json: boolean | undefined,
): void {
  if (json) {
    print(JSON.stringify({ ...presentToken(token, clock.now()), secret }, null, 2))
    return
  }
  print(secret)
  remark(`It speaks for ${token.account_name} until ${token.expires_at.toISOString()} and cannot be shown again.`)
}

const lineOf = (token: TokenRow, now: Date): string =>
  [
    token.id,
    stateOf(token, now).padEnd(9),
    token.expires_at.toISOString().slice(0, 16),
    token.account_name,
    JSON.stringify(token.name),
    token.grants.join(' '),
  ].join('  ')
