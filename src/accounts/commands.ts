import { text } from 'node:stream/consumers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'
import type { Actor } from '#src/access/caller.ts'
import { type Role, roles } from '#src/access/permissions.ts'
import { personOf, setPassword } from './change-password.ts'
import { displayName, email, role, userName } from './contract.ts'
import { createAccount, preparePassword } from './create-account.ts'
import { makePasswordLink } from './make-password-link.ts'
import type { AccountsNeeds } from './needs.ts'
import { accountUnsuitable } from './problems.ts'
import { makeReadablePassword } from './secrets.ts'
import { listAccounts, showAccount, showAccountNamed } from './show-account.ts'
import type { Account, AccountFilter } from './store.ts'
import { changeRole, updateAccount } from './update-account.ts'

export type AccountCommandNeeds = Omit<AccountsNeeds, 'pool' | 'refusals'> & { readonly actor: Actor }

interface Terminal {
  print(line: string): void
  /** All of the standard input. */
  input(): Promise<string>
}

type WithNeeds = (body: (needs: AccountCommandNeeds) => Promise<void>) => Promise<void>

interface CreateOptions {
  role: Role
  displayName?: string
  email?: string
  service?: true
  owner?: string
  link?: true
  passwordStdin?: true
  json?: true
}

/** `tessera account …`: for who has the machine, and needs no account. Passwords are never arguments: those are seen by all. */
export function accountCommands(program: Command, withNeeds: WithNeeds, terminal: Terminal = ownTerminal): void {
  const { print } = terminal
  const group = program.command('account').description('people and service accounts')
  const json = ['--json', 'for programs'] as const
  const roleOption = () => new Option('--role <role>', 'what it may do').choices(roles)

  group
    .command('create')
    .description('make an account; a person’s password is made up and printed once, unless you choose otherwise')
    .argument('<user-name>', 'letters, digits and ._@+-', checkedBy(userName))
    .addOption(roleOption().default('member'))
    .option('--display-name <name>', 'as shown to others', checkedBy(displayName))
    .option('--email <address>', 'where mail reaches the person', checkedBy(email))
    .option('--service', 'a service account: no password, speaks through tokens')
    .option('--owner <user-name>', 'of a service account: the person who answers for it')
    .option('--link', 'print a one-time link to set a password instead of a password')
    .option('--password-stdin', 'read the password from the standard input')
    .option(...json)
    .action((userName: string, options: CreateOptions) =>
      withNeeds((needs) => create(needs, terminal, userName, options)),
    )

  group
    .command('list')
    .description('show accounts')
    .option('--search <text>', 'part of a name or an e-mail address')
    .addOption(roleOption())
    .addOption(new Option('--state <state>').choices(['active', 'disabled']))
    .addOption(new Option('--kind <kind>').choices(['person', 'service']))
    .option(...json)
    .action(({ json, ...filter }: AccountFilter & { json?: true }) =>
      withNeeds(async (needs) => {
        for await (const account of everyAccount(needs, filter)) {
          print(json ? JSON.stringify(account) : lineOf(account))
        }
      }),
    )

  group
    .command('show')
    .description('show one account')
    .argument('<user-name>')
    .option(...json)
    .action((userName: string, options: { json?: true }) =>
      withNeeds(async (needs) => show(terminal, await showAccountNamed(needs, userName), options)),
    )

  for (const [name, state, description] of [
    [
      'disable',
      'disabled',
      'end an account’s sessions and stop its tokens; when this returns they are stopped everywhere',
    ],
    ['enable', 'active', 'let a disabled account in again'],
  ] as const) {
    group
      .command(name)
      .description(description)
      .argument('<user-name>')
      .option(...json)
      .action((userName: string, options: { json?: true }) =>
        withNeeds(async (needs) => {
          const { id } = await showAccountNamed(needs, userName)
          const { account } = await needs.change(needs.actor, (change) => updateAccount(needs, change, id, { state }))
          show(terminal, account, options)
        }),
      )
  }

  group
    .command('role')
    .description('give an account another role')
    .argument('<user-name>')
    .argument('<role>', `one of ${roles.join(', ')}`, checkedBy(role))
    .option(...json)
    .action((userName: string, role: Role, options: { json?: true }) =>
      withNeeds(async (needs) => {
        const { id } = await showAccountNamed(needs, userName)
        await needs.change(needs.actor, (change) => changeRole(needs, change, id, role))
        show(terminal, await showAccount(needs, id), options)
      }),
    )

  group
    .command('reset-password')
    .description('set a password that is made up and printed once; all sessions of the account end')
    .argument('<user-name>')
    .option('--link', 'print a one-time link instead; the password stays until it is used')
    .option('--password-stdin', 'read the password from the standard input')
    .option(...json)
    .action((userName: string, options: ResetOptions) =>
      withNeeds((needs) => resetPassword(needs, terminal, userName, options)),
    )
}

async function create(
  needs: AccountCommandNeeds,
  terminal: Terminal,
  userName: string,
  options: CreateOptions,
): Promise<void> {
  const { role, displayName, email, service, link } = options
  const names = [displayName ?? null]
  const password = service || link ? null : await choosePassword(terminal, options)
  const passwordHash = password && (await preparePassword(needs, password.text, { userName, names }, '#/password'))
  const owner = options.owner === undefined ? null : await showAccountNamed(needs, options.owner)
  const { account, made } = await needs.change(needs.actor, async (change) => {
    const kind = service ? 'service' : 'person'
    const ask = { userName, kind, role, displayName, email, ownerId: owner?.id, passwordHash } as const
    const account = await createAccount(needs, change, ask)
    return { account, made: link && !service ? await makePasswordLink(needs, change, account.id) : null }
  })
  const shown = { ...(password?.isNew && { password: password.text }), ...(made && { password_link: made.url }) }
  if (options.json) {
    terminal.print(JSON.stringify({ ...account, ...shown }))
    return
  }
  terminal.print(
    `Made the ${account.kind === 'service' ? 'service account' : 'account'} ${account.user_name} (${account.role}).`,
  )
  told(terminal, shown)
}

interface ResetOptions {
  link?: true
  passwordStdin?: true
  json?: true
}

async function resetPassword(
  needs: AccountCommandNeeds,
  terminal: Terminal,
  userName: string,
  options: ResetOptions,
): Promise<void> {
  const account = await showAccountNamed(needs, userName)
  if (account.kind === 'service') {
    throw accountUnsuitable({ detail: 'Service accounts have no password; they speak through tokens.' })
  }
  if (options.link) {
    const made = await needs.change(needs.actor, (change) => makePasswordLink(needs, change, account.id))
    if (options.json) terminal.print(JSON.stringify({ password_link: made.url, expires_at: made.expiresAt }))
    else told(terminal, { password_link: made.url })
    return
  }
  const password = await choosePassword(terminal, options)
  const passwordHash = await preparePassword(needs, password.text, personOf(account), '#/password')
  await needs.change(needs.actor, (change) => setPassword(needs, change, account, passwordHash))
  const shown = password.isNew ? { password: password.text } : {}
  if (options.json) {
    terminal.print(JSON.stringify(shown))
    return
  }
  terminal.print(`The password of ${account.user_name} is set; all its sessions have ended.`)
  told(terminal, shown)
}

async function choosePassword(
  { input }: Terminal,
  { passwordStdin }: { passwordStdin?: true },
): Promise<{ text: string; isNew: boolean }> {
  if (!passwordStdin) return { text: makeReadablePassword(), isNew: true }
  return { text: (await input()).replace(/\r?\n$/, ''), isNew: false }
}

async function* everyAccount(needs: AccountCommandNeeds, filter: AccountFilter): AsyncGenerator<Account> {
  let after: string | null = null
  for (;;) {
    const accounts: Account[] = await listAccounts(needs, filter, { after, limit: 200 })
    yield* accounts
    const last = accounts.at(-1)
    if (!last) return
    after = last.user_name
  }
}

function show({ print }: Terminal, account: Account, { json }: { json?: true }): void {
  if (json) {
    print(JSON.stringify(account))
    return
  }
  const facts: Record<string, unknown> = {
    'user name': account.user_name,
    id: account.id,
    kind: account.kind,
    role: account.role,
    state: account.state,
    name: account.display_name,
    'e-mail': account.email,
    owner: account.owner_name,
    password: account.kind === 'service' ? null : account.has_password ? 'set' : 'not set yet',
    'signed in': account.last_signed_in_at?.toISOString() ?? (account.kind === 'person' ? 'never' : null),
    created: account.created_at.toISOString(),
  }
  for (const [name, fact] of Object.entries(facts)) if (fact != null) print(`${name.padEnd(10)}  ${fact}`)
}

const lineOf = ({ user_name, role, state, kind, display_name }: Account): string =>
  `${user_name.padEnd(24)}  ${role.padEnd(8)}  ${state.padEnd(8)}  ${kind.padEnd(8)}  ${display_name}`

function told({ print }: Terminal, shown: { password?: string; password_link?: string }): void {
  if (shown.password !== undefined) print(`Its password, shown only now:  ${shown.password}`)
  if (shown.password_link !== undefined) {
    print(`The link to set a password works once, for 72 hours:\n  ${shown.password_link}`)
  }
}

/** Reads an argument as the API would read it. */
const checkedBy =
  <T>(schema: z.ZodType<T>) =>
  (text: string): T => {
    const read = schema.safeParse(text)
    if (!read.success) throw new InvalidArgumentError(read.error.issues.map((issue) => issue.message).join('; '))
    return read.data
  }

const ownTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  input: () => text(process.stdin),
}
