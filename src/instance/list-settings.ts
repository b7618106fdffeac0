import type { z } from 'zod'
import type { LoadedSettings } from '#src/settings/load-settings.ts'
import { settingsReference } from '#src/settings/settings-reference.ts'
import type { listSettings as contract } from './contract.ts'

/** Every setting as it is in effect, with where it comes from and what it means. Holds no secret. */
export function listSettings({ entries, file }: LoadedSettings): z.input<typeof contract.reply> {
  const values = new Map(entries.map((entry) => [`${entry.section}.${entry.key}`, entry]))
  return {
    file: { ...file },
    settings: settingsReference(entries).map(({ environment, ...facts }) => {
      const entry = values.get(`${facts.section}.${facts.key}`)
      if (!entry) throw new Error(`[${facts.section}] ${facts.key} was not read`)
      const { value, source } = entry
      return {
        ...facts,
        value,
        source: source.from,
        line: source.from === 'file' ? source.line : null,
        environment_name: environment,
      }
    }),
  }
}
