import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import type { Random } from '#src/imports/demo/seeded-random.ts'

/** A mail as it arrived, whether or not its sender lived to hear of it. */
export interface Arrived {
  readonly messageId: string
  readonly to: string
  readonly mail: Email
}

/** A real SMTP server in the judge's process, which outlives everybody who is killed. */
export interface PostOffice {
  readonly url: string
  /** In the order of their arrival; a mail is here from the moment when all of it has been read. */
  readonly arrived: readonly Arrived[]
  /** Mails that wait for their acknowledgement at this moment: whoever is killed now does not hear it. */
  inGap(): number
  close(): Promise<void>
}

/** Its recipients are always refused. */
export const nobody = 'nobody@refused.test'

/**
 * Acknowledges most mails soon, and some only after a while: the gap between the end of a mail and the answer is where a
 * sender that is killed can never know.
 */
export async function openPostOffice(random: Random): Promise<PostOffice> {
  const arrived: Arrived[] = []
  let inGap = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo(address, _session, callback) {
      if (address.address !== nobody) return callback()
      callback(Object.assign(new Error('there is nobody of this name'), { responseCode: 550 }))
    },
    onData(stream, session, callback) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        void PostalMime.parse(Buffer.concat(parts)).then((mail) => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join(', ')
          arrived.push({ messageId: mail.messageId ?? '', to, mail })
          inGap++
          const gapMs = random.next() < 0.15 ? random.whole(200, 900) : random.whole(5, 40)
          setTimeout(() => {
            inGap--
            callback()
          }, gapMs)
        }, callback)
      })
    },
  })
  // Connections of killed senders end as they may.
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    arrived,
    inGap: () => inGap,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
