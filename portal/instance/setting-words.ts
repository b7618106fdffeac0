import type { Reply } from '#portal/kit/contracts.ts'

export type Settings = Reply<'GET /v1/settings'>
export type Setting = Settings['settings'][number]

/** Where a value comes from. */
export function sourceWords({ source, line, environment_name }: Setting): string {
  if (source === 'environment') return environment_name
  if (source === 'file') return line === null ? 'the file' : `line ${line} of the file`
  return 'the default'
}

/** Whether somebody has set it to something else than it would be. A secret that is set always was. */
export const differs = ({ source, value, default: preset, secret }: Setting): boolean =>
  source !== 'default' && (secret ? value !== '' : value !== preset)

interface Asked {
  readonly search: string
  readonly changedOnly: boolean
}

/** The settings asked for, by section, in the order of the reference. */
export function findSettings(settings: readonly Setting[], { search, changedOnly }: Asked): Map<string, Setting[]> {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = settings.filter((setting) => {
    const { section, key, value, meaning, environment_name } = setting
    const text = `[${section}] ${key} ${value} ${meaning} ${environment_name}`.toLowerCase()
    return words.every((word) => text.includes(word)) && (!changedOnly || differs(setting))
  })
  return Map.groupBy(found, ({ section }) => section)
}
