import { Readable, Transform } from 'node:stream'
import { tooLarge } from './bodies.ts'
import type { Endpoint } from './endpoint.ts'
import { type BodyPart, readParts } from './multipart.ts'
import { requestInvalid } from './problems.ts'
import type { RequestFacts } from './request.ts'

/**
 * A body on its way to whoever takes it. It ends only once `admitAgain` has let its sender in again, so that nothing
 * comes of what was sent with a token that was revoked meanwhile; it fails when the client hangs up or sends too much.
 */
export function streamedBody(
  payload: unknown,
  { bodyLimit = Number.POSITIVE_INFINITY }: Endpoint,
  admitAgain: () => void | Promise<void>,
): Readable {
  if (!(payload instanceof Readable)) return Readable.from([], { objectMode: false })
  let bytes = 0
  const guard = new Transform({
    writableHighWaterMark: 1 << 18,
    // Piece by piece as they come: a stream of bytes would copy all that waits into one piece whenever somebody reads.
    readableObjectMode: true,
    readableHighWaterMark: 4,
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength
      if (bytes > bodyLimit) done(tooLarge(bodyLimit))
      else done(null, chunk)
    },
    flush(done) {
      Promise.resolve()
        .then(admitAgain)
        .then(() => done(), done)
    },
  })
  // Nobody may be reading when it fails.
  guard.on('error', () => undefined)
  payload.on('error', (cause) => guard.destroy(brokenOff(cause)))
  payload.on('close', () => payload.readableEnded || guard.destroy(brokenOff()))
  // The answer goes out on the connection on which the rest may still come, so that is let pass.
  guard.on('close', () => payload.unpipe(guard).resume())
  return payload.pipe(guard)
}

const brokenOff = (cause?: Error) => requestInvalid({ detail: 'The body broke off before its end.', cause })

/** The parts of a body that is a form; members that our own endpoints do not know are refused. */
export function partsOf(
  stream: Readable,
  { parts = {}, dialect }: Endpoint,
  { headers }: RequestFacts,
): AsyncGenerator<BodyPart> {
  return readParts(stream, headers['content-type'] ?? '', parts, { strict: dialect === undefined })
}
