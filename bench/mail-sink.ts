/**
 * A mail server in a process of its own that takes everything: tells its parent its port, and how many mails it has
 * taken, each once it has said so to the client.
 */
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

let taken = 0
let first = ''
const server = new SMTPServer({
  disabledCommands: ['STARTTLS', 'AUTH'],
  authOptional: true,
  size: 50_000_000,
  onData(stream, _session, done) {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => {
      if (first === '') chunks.push(chunk)
    })
    stream.on('end', () => {
      done()
      taken++
      if (first === '') first = Buffer.concat(chunks).toString('latin1')
      process.send?.({ taken, ...(taken === 1 && { first }) })
    })
  },
})
process.on('message', () => {
  taken = 0
  first = ''
})
server.on('error', () => undefined)
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.server.address() as AddressInfo).port }))
