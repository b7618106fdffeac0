import type { TestProduct } from './product.ts'

/** Asks a product as its first administrator, from a session of our own pages: a POST when there is a body. */
export async function asAdmin({ url, admin }: Pick<TestProduct, 'url' | 'admin'>) {
  const send = (path: string, body: object | undefined, headers: Record<string, string>) =>
    fetch(url + path, {
      headers: { 'sec-fetch-site': 'same-origin', ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
  const signedIn = await send('/v1/session', { user_name: admin.userName, password: admin.password }, {})
  if (signedIn.status !== 201) throw new Error(`could not sign in: ${await signedIn.text()}`)
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0])
  return (path: string, body?: object) => send(path, body, { cookie: cookie.join('; ') })
}
