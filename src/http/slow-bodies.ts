import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { type Endpoint, isStreamed } from './endpoint.ts'

export interface Patience {
  /** For all of a body that is read before its act begins. */
  readonly wholeMs: number
  /** Between two pieces of a body that passes through; the whole may take days. */
  readonly pauseMs: number
  /** For what still comes of a body that has been answered already. */
  readonly lingerMs: number
}

/** Hangs up on clients that dribble. Node's own limit knows only whole requests, and would cut long uploads off. */
export function limitSlowBodies(app: FastifyInstance, { wholeMs, pauseMs, lingerMs }: Patience): void {
  const giveUp = (raw: IncomingMessage): void => {
    const error = Object.assign(new Error('the body came too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    app.server.emit('clientError', error, raw.socket)
    raw.socket.destroySoon()
  }

  const watch = (raw: IncomingMessage, response: ServerResponse, streamed: boolean): void => {
    let timer: NodeJS.Timeout | undefined
    const { socket } = raw
    if (streamed) socket.setTimeout(pauseMs)
    else timer = setTimeout(giveUp, wholeMs, raw)
    raw.once('close', () => {
      clearTimeout(timer)
      if (streamed && !socket.destroyed) socket.setTimeout(0)
    })
    response.once('finish', () => {
      if (raw.complete) return
      clearTimeout(timer)
      timer = setTimeout(() => socket.destroy(), lingerMs)
    })
  }

  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request
    const { contract } = request.routeOptions.config as { contract?: Endpoint }
    // What is injected by tests has no socket.
    if (hasBody(raw) && 'destroySoon' in raw.socket)
      watch(raw, reply.raw, contract !== undefined && isStreamed(contract))
    done()
  })
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
