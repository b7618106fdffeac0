import { type DescribeModelsNeeds, describeModels, type ModelFacts } from '#src/models/describe-models.ts'
import type { Engine } from '#src/warehouse/engines/engine.ts'
import { counted, type Finding, figure, type Part, sayAll, text, time, worst } from './finding.ts'

export async function checkWarehouse(
  needs: DescribeModelsNeeds & { engine: Pick<Engine, 'describe'> },
): Promise<Finding> {
  const [engine, { models, snapshots }] = await Promise.all([needs.engine.describe(), describeModels(needs)])
  const parts = models.map(partOf)
  const listed = (says: string, is: (model: ModelFacts) => boolean): string[] => {
    const names = models.filter(is).map(({ name }) => name)
    return names.length === 0 ? [] : [`${says}: ${names.join(', ')}.`]
  }
  const troubles = [
    ...listed('Never refreshed, so that nobody can read it', isUnread),
    ...listed('The last refresh failed', (model) => model.refreshFailed !== null),
    ...listed('Older than promised; refresh it', (model) => model.stale),
    ...listed('The model file has changed since the last refresh; refresh it', (model) => model.outdated),
  ]
  const many = (is: (model: ModelFacts) => boolean): number => models.filter(is).length
  return {
    state: worst(parts.map(({ state }) => state)),
    says: sayAll(troubles, `${counted(models.length, 'model')}, all fresh.`),
    facts: [
      text('engine', 'Engine', `${engine.name} ${engine.version}`),
      figure('bytes', 'memory', 'Memory', engine.memoryBytes, engine.memoryLimitBytes),
      figure('bytes', 'spilled', 'Spilled to disk', engine.spilledBytes),
      figure('count', 'snapshots', 'Snapshots kept', snapshots.count),
      figure('bytes', 'snapshot_bytes', 'Size of the snapshots', snapshots.bytes),
      figure('count', 'models', 'Models', models.length),
      figure('count', 'models_unread', 'Never refreshed', many(isUnread)),
      figure(
        'count',
        'models_failed',
        'Last refresh failed',
        many((model) => model.refreshFailed !== null),
      ),
      figure(
        'count',
        'models_stale',
        'Older than promised',
        many((model) => model.stale),
      ),
      figure(
        'count',
        'models_outdated',
        'Model file changed since',
        many((model) => model.outdated),
      ),
    ],
    parts,
  }
}

const isUnread = ({ refreshedAt }: ModelFacts): boolean => refreshedAt === null

function partOf(model: ModelFacts): Part {
  const { name, label, refreshedAt, stale, outdated, refreshFailed } = model
  const troubles = [
    ...(isUnread(model) ? ['It was never refreshed.'] : []),
    ...(refreshFailed === null ? [] : [`The last refresh failed: ${refreshFailed}`]),
    ...(stale ? ['It is older than it promises.'] : []),
    ...(outdated ? ['Its file has changed since the last refresh.'] : []),
  ]
  return {
    name,
    label,
    state: troubles.length === 0 ? 'ok' : 'degraded',
    says: troubles.length === 0 ? null : troubles.join(' '),
    facts: [time('refreshed_at', 'Refreshed', refreshedAt)],
  }
}
