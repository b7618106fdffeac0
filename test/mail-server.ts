import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  readonly to: string
  readonly messageId: string
  readonly source: string
  parse(): Promise<Email>
}

/**
 * A real mail server on loopback. What it does with a recipient hangs on the beginning of the address: `refuse…` is
 * refused for good, `later…` put off the first time, `never…` every time, `cut…` loses the connection in the middle of
 * the content, `gap…` takes the mail and loses the connection before it says so.
 */
export async function openMailServer({ delayMs = 0 } = {}) {
  const received: ReceivedMail[] = []
  const tries = new Map<string, number>()
  const no = (responseCode: number) => Object.assign(new Error('no'), { responseCode })
  const server: SMTPServer = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    size: 50_000_000,
    onRcptTo({ address }, _session, done) {
      const times = (tries.get(address) ?? 0) + 1
      tries.set(address, times)
      if (address.startsWith('refuse')) return done(no(550))
      if (address.startsWith('never') || (address.startsWith('later') && times === 1)) return done(no(451))
      done()
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo[0]?.address ?? ''
      const hangUp = (): void => {
        for (const one of (server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> })
          .connections)
          if (one.id === session.id) one._socket.destroy()
      }
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        if (to.startsWith('cut')) hangUp()
      })
      stream.on('error', () => undefined)
      stream.on('end', async () => {
        if (delayMs > 0) await sleep(delayMs)
        const source = Buffer.concat(chunks).toString('latin1')
        const messageId = /^Message-ID: (\S+)/im.exec(source)?.[1] ?? ''
        received.push({ to, messageId, source, parse: () => PostalMime.parse(Buffer.from(source, 'latin1')) })
        if (to.startsWith('gap')) return hangUp()
        done()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    to: (address: string) => received.filter((mail) => mail.to === address),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
