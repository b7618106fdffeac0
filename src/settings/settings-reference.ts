import { allSettings, environmentName, freeSections, isFreeSection, type NamedSetting } from './schema.ts'

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

interface Named {
  readonly section: string
  readonly key: string
}

/** In the docs, one line stands for all names that may be chosen in a section. */
const placeholders: readonly Named[] = Object.keys(freeSections).map((section) => ({ section, key: 'NAME' }))

/** Every setting as the docs list it, in the order of the file. `chosen`: settings of sections in which names are free. */
export function settingsReference(chosen: readonly Named[] = placeholders): SettingReference[] {
  const free = chosen.flatMap(({ section, key }): NamedSetting[] =>
    isFreeSection(section) ? [{ section, key, setting: freeSections[section] }] : [],
  )
  return [...allSettings, ...free].map(({ section, key, setting }) => ({
    section,
    key,
    environment: environmentName(section, key),
    default: setting.default,
    meaning: setting.meaning,
    example: setting.example ?? null,
    secret: setting.secret ?? false,
  }))
}
