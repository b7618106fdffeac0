import type { FastifyInstance } from 'fastify'

/**
 * Lets requests in flight finish when the server closes. Connections end as soon as they fall idle, instead of when
 * their clients lose patience; what has not finished after `drainMs` is cut off.
 */
export function drainOnClose(app: FastifyInstance, drainMs: number): { isClosing(): boolean } {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    const idle = setInterval(() => app.server.closeIdleConnections(), 50)
    const cut = setTimeout(() => app.server.closeAllConnections(), drainMs)
    app.server.once('close', () => {
      clearInterval(idle)
      clearTimeout(cut)
    })
    if (!app.server.listening) app.server.emit('close')
    done()
  })
  return { isClosing: () => closing }
}
