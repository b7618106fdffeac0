import type { FastifyInstance } from 'fastify'
import { cannotListen } from './problems.ts'

/** What to do when the system refuses an address, in the words of the settings. */
const remedies: Readonly<Record<string, { detail: string; hint: string }>> = {
  EADDRINUSE: {
    detail: 'Another program listens there already.',
    hint: 'Stop it, or choose another [general] port, such as TESSERA_GENERAL__PORT=8081.',
  },
  EACCES: {
    detail: 'This user may not listen there.',
    hint: 'Choose a [general] port above 1023, and put a proxy before it.',
  },
  EADDRNOTAVAIL: {
    detail: 'This machine does not have that address.',
    hint: 'Set [general] host to one of its own, 127.0.0.1 or 0.0.0.0.',
  },
  ENOTFOUND: {
    detail: 'There is no such host.',
    hint: 'Set [general] host to an address of this machine, 127.0.0.1 or 0.0.0.0.',
  },
}

/** Listens, or says in a sentence why that can't be. */
export async function listen(server: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (error) {
    const remedy = remedies[(error as NodeJS.ErrnoException).code ?? '']
    if (!remedy) throw error
    const { detail, hint } = remedy
    throw cannotListen({ detail: `The server cannot listen on ${host}, port ${port}. ${detail}`, hint, cause: error })
  }
}
