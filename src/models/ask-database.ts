import { type AskedRows, type DatabaseAsk, NotAnswered, toldFailure } from './asked-rows.ts'

/** Asks the database behind an address; whatever goes wrong is told without the address. Drivers are loaded when they are needed. */
export async function askDatabase(ask: DatabaseAsk): Promise<AskedRows> {
  try {
    const answer = /^postgres/.test(ask.address)
      ? await (await import('./ask-postgres.ts')).askPostgres(ask)
      : await (await import('./ask-mysql.ts')).askMysql(ask)
    const names = answer.columns.map(({ name }) => name.toLowerCase())
    const twice = names.find((name, i) => names.indexOf(name) < i)
    if (twice === undefined) return { ...answer, batches: rowsInTime(answer, ask) }
    await answer.close()
    throw new NotAnswered(`the query answers two columns called ${twice}; name one of them otherwise (AS)`)
  } catch (error) {
    throw error instanceof NotAnswered ? error : new NotAnswered(toldFailure(error, ask.address))
  }
}

/** The rows, all of them within the time allowed, whatever the network does. */
async function* rowsInTime(
  { batches, cut }: AskedRows,
  { address, timeoutSeconds }: DatabaseAsk,
): AskedRows['batches'] {
  let late = false
  const timer = setTimeout(() => {
    late = true
    cut()
  }, timeoutSeconds * 1000)
  try {
    yield* batches
    if (late) throw new Error('the connection was cut')
  } catch (error) {
    if (late) throw new NotAnswered(`the answer took longer than ${timeoutSeconds} seconds`)
    throw error instanceof NotAnswered ? error : new NotAnswered(toldFailure(error, address))
  } finally {
    clearTimeout(timer)
  }
}
