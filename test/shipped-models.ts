import path from 'node:path'
import { loadModels } from '#src/models/load-models.ts'
import { modelDefaults } from '#src/needs.ts'
import { loadSettings } from '#src/settings/load-settings.ts'

const root = path.resolve(import.meta.dirname, '..')

/** The models that ship, as a shelf on which none was refreshed yet: enough to check what is asked of them. */
export async function shippedShelf() {
  const { settings } = loadSettings({ root, env: {} })
  const models = await loadModels(path.join(root, 'models'), modelDefaults(settings))
  return {
    models: models.map(({ name }) => name),
    catalogue: (name: string) => models.find((model) => model.name === name)?.catalogue ?? null,
    take: () => 'none_yet' as const,
  }
}
