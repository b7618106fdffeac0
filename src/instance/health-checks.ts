import type { Checkpoints } from '#src/audit/checkpoints.ts'
import type { Lease } from '#src/database/lease.ts'
import type { OpenDatabase } from '#src/database/open-database.ts'
import { makeDirectorySizes } from '#src/files/directory-sizes.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { DescribeModelsNeeds } from '#src/models/describe-models.ts'
import type { Queue } from '#src/queue/queue.ts'
import type { Engine } from '#src/warehouse/engines/engine.ts'
import { checkAudit } from './check-audit.ts'
import { checkDatabase } from './check-database.ts'
import { checkDisk } from './check-disk.ts'
import { checkMail } from './check-mail.ts'
import { checkProcesses } from './check-processes.ts'
import { checkQueue } from './check-queue.ts'
import { checkSchedules } from './check-schedules.ts'
import { checkWarehouse } from './check-warehouse.ts'
import type { Check } from './show-health.ts'

export interface CheckNeeds extends Omit<DescribeModelsNeeds, 'db'> {
  readonly database: Pick<OpenDatabase, 'db' | 'pool' | 'home'>
  readonly engine: Pick<Engine, 'describe'>
  readonly queue: Pick<Queue, 'describe'>
  readonly mailer: Pick<Mailer, 'describe'>
  readonly lease: Pick<Lease, 'held'>
  readonly checkpoints: Pick<Checkpoints, 'latest'>
  readonly dataDirectory: string
  readonly places: Readonly<Record<'warehouse' | 'imports' | 'contents' | 'outbox', string>>
  readonly startedAt: Date
}

/** Everything whose health a person may want to see, in the order in which they should look. */
export function healthChecks(needs: CheckNeeds): Check[] {
  const { database, queue, dataDirectory, places } = needs
  const { db, home } = database
  const { warehouse, imports, contents, outbox } = places
  const sizes = makeDirectorySizes({ postgres: home, warehouse, imports, contents, outbox })
  const disk = { dataDirectory, postgres: home, sizes }
  return [
    {
      name: 'database',
      label: 'Database',
      remedy: 'Look whether PostgreSQL runs and can be reached as [database] url says.',
      look: () => checkDatabase(database),
    },
    {
      name: 'warehouse',
      label: 'Warehouse',
      remedy: 'Look after the database first; then start the server again.',
      look: () => checkWarehouse({ ...needs, db }),
    },
    {
      name: 'queue',
      label: 'Queue',
      remedy: 'Look after the database first: jobs wait there.',
      look: () => checkQueue(queue),
    },
    {
      name: 'schedules',
      label: 'Schedules',
      remedy: 'Look after the database first: schedules are kept there.',
      look: () => checkSchedules({ ...needs, db }),
    },
    {
      name: 'disk',
      label: 'Disk',
      remedy: 'Look whether the data directory can be read.',
      look: () => checkDisk(disk),
    },
    {
      name: 'mail',
      label: 'Mail',
      remedy: 'Look at [mailer] smtp_url; mails wait and are tried again.',
      look: () => checkMail(needs),
    },
    {
      name: 'processes',
      label: 'Processes',
      remedy: 'Look after the database first: processes meet there.',
      look: () => checkProcesses({ ...needs, db }),
    },
    {
      name: 'audit',
      label: 'Audit trail',
      remedy: 'Look after the database first; then run `tessera audit verify`.',
      look: () => checkAudit({ ...needs, db }),
    },
  ]
}
