/** A process that does nothing but verify tokens over HTTP, as a server does: `node verify-in-child.ts <connection as JSON> <pepper file>`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientConfig } from 'pg'
import { openLease } from '#src/database/lease.ts'
import { connect } from '#src/database/open-database.ts'
import { startUseCounts } from '#src/tokens/count-uses.ts'
import { openPeppers } from '#src/tokens/peppers.ts'
import { makeTokenVerifier } from '#src/tokens/verify-token.ts'

const [connection = '{}', pepperFile = ''] = process.argv.slice(2)
const target = JSON.parse(connection) as ClientConfig
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const database = connect(target, { log, poolSize: 4 })
const lease = await openLease({ connection: database.connection })
const uses = startUseCounts({ db: database.db, log })
const verifier = makeTokenVerifier({
  pool: database.pool,
  lease,
  peppers: openPeppers(pepperFile),
  uses,
  now: Date.now,
  onRefused: () => undefined,
})

const server = createServer(async (request, response) => {
  try {
    const shown = request.headers.authorization?.slice('Bearer '.length) ?? ''
    const caller = await verifier.verify(shown, { address: request.socket.remoteAddress ?? '', client: null })
    response.writeHead(caller ? 200 : 401).end(caller?.grants.toTexts().join(' '))
  } catch {
    response.writeHead(503, { 'retry-after': '1' }).end()
  }
})
// A long proof on a busy machine leaves connections idle for minutes.
server.keepAliveTimeout = 0
server.requestTimeout = 0
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit())
