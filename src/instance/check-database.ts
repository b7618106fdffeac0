import { type DatabaseFacts, describeDatabase } from '#src/database/describe-database.ts'
import type { OpenDatabase } from '#src/database/open-database.ts'
import { type Finding, figure, sayAll, text } from './finding.ts'

const slowMs = 250
const crowded = 0.9

export async function checkDatabase(database: Pick<OpenDatabase, 'db' | 'pool' | 'home'>): Promise<Finding> {
  return judgeDatabase(await describeDatabase(database), database.home !== null)
}

export function judgeDatabase(facts: DatabaseFacts, embedded: boolean): Finding {
  const { version, latencyMs, bytes, connections, pool } = facts
  const troubles: string[] = []
  if (latencyMs >= slowMs)
    troubles.push(`It takes ${Math.round(latencyMs)} ms to answer: look at the load of its machine and the way to it.`)
  if (connections.used >= crowded * connections.limit)
    troubles.push(
      `${connections.used} of ${connections.limit} connections are taken: raise its max_connections, or lower [database] pool_size.`,
    )
  return {
    state: troubles.length === 0 ? 'ok' : 'degraded',
    says: sayAll(troubles, 'It answers at once.'),
    facts: [
      text('version', 'PostgreSQL', version),
      text('origin', 'Origin', embedded ? 'embedded' : 'given in [database] url'),
      figure('milliseconds', 'latency', 'Time to answer', latencyMs),
      figure('bytes', 'size', 'Size', bytes),
      figure('count', 'connections', 'Connections of everybody', connections.used, connections.limit),
      figure('count', 'pool', 'Connections of this process', pool.open, pool.limit),
      figure('count', 'pool_waiting', 'Requests that wait for a connection', pool.waiting),
    ],
  }
}
