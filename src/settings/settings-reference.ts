import { allSettings, environmentName } from './schema.ts'

/** One row of the settings' reference. */
export interface SettingReference {
  readonly section: string
  readonly key: string
  readonly environment: string
  readonly default: string
  readonly meaning: string
  readonly example: string | null
  readonly secret: boolean
}

/** Every setting as the docs list it, in the order of the file. */
export function settingsReference(): SettingReference[] {
  return allSettings.map(({ section, key, setting }) => ({
    section,
    key,
    environment: environmentName(section, key),
    default: setting.default,
    meaning: setting.meaning,
    example: setting.example ?? null,
    secret: setting.secret ?? false,
  }))
}
