/** Postgres: connection lost or refused, too many of them, starting or shutting down; a transaction to be tried again. */
const passingCodes = /^(08...|57P0[1-5]|53300|40001|40P01|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/

/** `pg` gives these no code. */
const passingWords =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** Whether a failure is the database's and momentary: the same question may be answered when it is asked again. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '', syscall } = error as NodeJS.ErrnoException
  // A server that is down leaves no socket behind.
  if (code === 'ENOENT') return syscall === 'connect'
  return passingCodes.test(code) || passingWords.test(error.message)
}
