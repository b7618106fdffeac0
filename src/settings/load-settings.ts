import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type IniEntry, parseIni } from './ini.ts'
import { nearestWord } from './nearest-word.ts'
import { invalidSettings } from './problems.ts'
import {
  allSettings,
  camel,
  environmentName,
  freeSections,
  isFreeSection,
  type NamedSetting,
  type Settings,
  sections,
  settingOf,
} from './schema.ts'
import { isXdmodSection, whyUnused } from './xdmod-keys.ts'

/** Where a value came from. */
export type SettingSource =
  | { readonly from: 'default' }
  | { readonly from: 'file'; readonly file: string; readonly line: number }
  | { readonly from: 'environment'; readonly name: string }

/** One setting as a page may show it. */
export interface SettingEntry {
  readonly section: string
  readonly key: string
  /** As it is in effect, with defaults worked out and paths made absolute. A secret that is set is only dots. */
  readonly value: string
  readonly source: SettingSource
}

export interface LoadedSettings {
  readonly settings: Settings
  readonly entries: readonly SettingEntry[]
  /** The file that was read, or would have been if it had been there. */
  readonly file: { readonly path: string; readonly present: boolean }
  /** What the administrator should know although nothing is wrong: XDMoD keys that have no effect here. */
  readonly notes: readonly string[]
}

interface LoadAsk {
  /** The file; must exist. Default: what TESSERA_SETTINGS names, else portal_settings.ini in `root` if there is one. */
  file?: string
  env: Readonly<Record<string, string | undefined>>
  /** The product's directory, at which relative paths start. Default: the working directory. */
  root?: string
}

interface Fault {
  readonly where: string
  readonly detail: string
}

interface Written {
  readonly value: string
  readonly source: SettingSource
  /** Where the name was chosen by an administrator. */
  readonly free?: NamedSetting
}

/** A setting of a section in which names are free. */
const freeSetting = (section: string, key: string): { free?: NamedSetting } =>
  isFreeSection(section) ? { free: { section, key, setting: freeSections[section] } } : {}

/**
 * Reads the settings: defaults, over them the file, over it the environment (`TESSERA_SECTION__KEY`).
 * Throws one `invalid-settings` problem that names every bad line with its remedy.
 */
export function loadSettings({ file, env, root = process.cwd() }: LoadAsk): LoadedSettings {
  const faults: Fault[] = []
  const notes: string[] = []
  const written = new Map<string, Written>()

  const named = file ?? env.TESSERA_SETTINGS
  const path = resolve(named || resolve(root, 'portal_settings.ini'))
  // Named as nothing, none is read.
  const present = named === undefined ? existsSync(path) : named !== ''
  if (present) takeFile(path, { written, faults, notes })
  takeEnvironment(env, { written, faults })

  const values: Record<string, Record<string, unknown>> = {}
  const chosen = [...written.values()].flatMap(({ free }) => free ?? [])
  for (const section of Object.keys(freeSections)) values[section] = {}
  const asWritten = [...allSettings, ...chosen].map((named) => {
    const { value, source } = written.get(nameOf(named)) ?? {
      value: named.setting.default,
      source: { from: 'default' },
    }
    const section = camel(named.section)
    const key = isFreeSection(named.section) ? named.key : camel(named.key)
    values[section] = { ...values[section], [key]: readValue(named, value, source, faults) }
    return { named, value, source }
  })
  if (faults.length > 0) throw refuse(faults)

  // The values have just been read by the types from which `Settings` is made.
  const settings = workOut(values as unknown as Settings, root)
  for (const section of Object.values(settings)) Object.freeze(section)
  const entries = asWritten.map(({ named, value, source }) => ({
    section: named.section,
    key: named.key,
    value: shownValue(named, value, settings),
    source,
  }))
  return { settings: Object.freeze(settings), entries, file: { path, present }, notes }
}

const dots = '••••••'

/** Numbers, sizes and lists as they were written; texts as they were worked out. */
function shownValue({ section, key, setting }: NamedSetting, written: string, settings: Settings): string {
  if (setting.secret) return written === '' ? '' : dots
  const inEffect = (settings as unknown as Record<string, Record<string, unknown>>)[camel(section)]?.[camel(key)]
  const text = typeof inEffect === 'string' ? inEffect : written.trim()
  // No setting but the secret ones should hold a password; an address that does all the same keeps it to itself.
  return text.replace(/:\/\/\S*@/g, `://${dots}@`)
}

const nameOf = ({ section, key }: { section: string; key: string }) => `[${section}] ${key}`

function refuse(faults: readonly Fault[]) {
  const ordered = faults.toSorted((a, b) => lineOf(a) - lineOf(b))
  const lines = ordered.map(({ where, detail }) => `${where}: ${detail}`)
  return invalidSettings({
    detail: `${faults.length === 1 ? 'A setting is' : `${faults.length} settings are`} wrong:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    hint: 'Correct the lines named and start again; docs/reference/settings.md lists every setting.',
    errors: ordered.map(({ where, detail }) => ({ pointer: where, detail })),
  })
}

/** The file's faults as one reads it, then the environment's. */
const lineOf = ({ where }: Fault): number => Number(/:(\d+)$/.exec(where)?.[1] ?? Number.MAX_SAFE_INTEGER)

function takeFile(file: string, to: { written: Map<string, Written>; faults: Fault[]; notes: string[] }): void {
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    to.faults.push({
      where: file,
      detail: `cannot be read (${reason}); give the path of a portal_settings.ini that this user may read`,
    })
    return
  }
  const ini = parseIni(source)
  for (const { line, detail } of ini.faults) to.faults.push({ where: `${file}:${line}`, detail })
  for (const { name, line } of ini.sections) {
    if (Object.hasOwn(sections, name) || isFreeSection(name) || isXdmodSection(name)) continue
    to.faults.push({
      where: `${file}:${line}`,
      detail: `[${name}] is not a section${meant(name, [...Object.keys(sections), ...Object.keys(freeSections)], '[', ']')}`,
    })
  }
  const seen = new Map<string, number>()
  for (const entry of ini.entries) takeEntry(file, entry, seen, to)
}

function takeEntry(
  file: string,
  entry: IniEntry,
  seen: Map<string, number>,
  { written, faults, notes }: { written: Map<string, Written>; faults: Fault[]; notes: string[] },
): void {
  const { section, key, value, line } = entry
  const where = `${file}:${line}`
  const name = nameOf(entry)
  if (!settingOf(section, key)) {
    const reason = whyUnused(section, key)
    if (isFreeSection(section))
      faults.push({
        where,
        detail: `${name}: a name has lower-case letters, digits and underscores, and begins with a letter`,
      })
    else if (reason !== null) notes.push(`${where}: ${name} has no effect here: ${reason}`)
    else if (Object.hasOwn(sections, section))
      faults.push({ where, detail: `${name} is not a setting${meantKey(section, key)}` })
    else if (isXdmodSection(section)) faults.push({ where, detail: `${name} is not a setting; remove the line` })
    return
  }
  const before = seen.get(name)
  if (before !== undefined)
    faults.push({ where, detail: `${name} was set before, in line ${before}; keep one of the two` })
  seen.set(name, line)
  written.set(name, { value, source: { from: 'file', file, line }, ...freeSetting(section, key) })
}

function takeEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  { written, faults }: { written: Map<string, Written>; faults: Fault[] },
): void {
  const byVariable = new Map(allSettings.map((named) => [environmentName(named.section, named.key), named]))
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !name.startsWith('TESSERA_')) continue
    const named = byVariable.get(name)
    const free = freeVariable(name)
    if (named) written.set(nameOf(named), { value, source: { from: 'environment', name } })
    else if (free && settingOf(free.section, free.key))
      written.set(nameOf(free), {
        value,
        source: { from: 'environment', name },
        ...freeSetting(free.section, free.key),
      })
    // A name without the double underscore may belong to something else, unless it is a setting's name mistyped.
    else if (name.includes('__') || [...byVariable.keys()].some((known) => known.replaceAll('__', '_') === name)) {
      faults.push({ where: `environment ${name}`, detail: `is not a setting${meant(name, byVariable.keys())}` })
    }
  }
}

/** `TESSERA_SOURCES__SALES` is `[sources] sales`. */
function freeVariable(name: string): { section: string; key: string } | null {
  const [, section = '', key = ''] = /^TESSERA_([A-Z]+)__(.+)$/.exec(name) ?? []
  return isFreeSection(section.toLowerCase()) ? { section: section.toLowerCase(), key: key.toLowerCase() } : null
}

function meant(typed: string, words: Iterable<string>, before = '', after = ''): string {
  const near = nearestWord(typed, words)
  return near === null ? '; remove it' : `; did you mean ${before}${near}${after}?`
}

function meantKey(section: string, key: string): string {
  const elsewhere = allSettings.find((named) => named.key === key)
  if (elsewhere) return `; it belongs to [${elsewhere.section}]`
  return meant(
    key,
    allSettings.filter((named) => named.section === section).map((named) => named.key),
  )
}

function readValue(named: NamedSetting, value: string, source: SettingSource, faults: Fault[]): unknown {
  const read = named.setting.type.safeParse(value)
  if (read.success) return read.data
  const where =
    source.from === 'file'
      ? `${source.file}:${source.line}`
      : source.from === 'environment'
        ? `environment ${source.name}`
        : 'default'
  const shown = named.setting.secret ? '' : ` = "${value.length > 80 ? `${value.slice(0, 80)}…` : value}"`
  for (const issue of read.error.issues) faults.push({ where, detail: `${nameOf(named)}${shown} ${issue.message}` })
  return undefined
}

/** Defaults that depend on other settings, and paths made absolute. */
function workOut(read: Settings, root: string): Settings {
  const { general, apiToken, models, mailer, jupyterhub } = read
  const dataDirectory = resolve(root, general.dataDirectory)
  const siteAddress = general.siteAddress || `http://localhost:${general.port}`
  const host = new URL(siteAddress).hostname
  return {
    ...read,
    general: { ...general, dataDirectory, siteAddress },
    apiToken: {
      ...apiToken,
      termsFile: apiToken.termsFile === null ? null : resolve(root, apiToken.termsFile),
      pepperFile: resolve(root, apiToken.pepperFile || resolve(dataDirectory, 'secrets', 'token-pepper')),
    },
    jupyterhub: {
      publicKeyFile: jupyterhub.publicKeyFile === null ? null : resolve(root, jupyterhub.publicKeyFile),
    },
    models: { ...models, directory: resolve(root, models.directory) },
    mailer: {
      ...mailer,
      senderName: mailer.senderName || general.title,
      senderEmail: mailer.senderEmail || `noreply@${host}`,
    },
  }
}
