import { type Server, startServer, type Tessera } from '../start-server.ts'

export interface Person {
  readonly userName: string
  /** Of the account's `dataverse` slot, made as its owner makes it: signed in, on the page that Dataverse's users know. */
  readonly token: string
}

export interface Repository extends Pick<Server, 'address' | 'data' | 'stop'> {
  /** Deposits. Every client has a person of its own, as it recreates that person's token. */
  depositor(name: string): Promise<Person>
  /** May sign in, and has no role on what others deposit. */
  readonly other: Person
  readonly administrator: Person
}

/** An empty portal. */
export const startRepository = (directory: string): Promise<Repository> =>
  startServer(directory, '', async ({ address, data, tessera, stop }) => ({
    address,
    data,
    stop,
    depositor: (name) => person(address, tessera, name, 'member'),
    other: await person(address, tessera, 'bob', 'member'),
    administrator: await person(address, tessera, 'root', 'admin'),
  }))

async function person(address: string, tessera: Tessera, userName: string, role: string): Promise<Person> {
  const names = ['--display-name', `${userName} Ames`, '--email', `${userName}@example.org`]
  const said = await tessera('account', 'create', userName, '--role', role, ...names, '--json')
  const { password } = JSON.parse(said) as { password: string }
  const signedIn = await post(`${address}/v1/session`, { user_name: userName, password })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const made = await post(`${address}/api/users/token/recreate`, undefined, { cookie })
  const { data } = (await made.json()) as { data: { message: string } }
  return { userName, token: data.message.split(' ')[5] ?? '' }
}

async function post(
  address: string,
  body: object | undefined,
  headers: Record<string, string> = {},
): Promise<Response> {
  const reply = await fetch(address, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!reply.ok) throw new Error(`POST ${address}: ${reply.status} ${await reply.text()}`)
  return reply
}
