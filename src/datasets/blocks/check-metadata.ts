import type { Block, CompoundValue, Field, Metadata } from './block.ts'

/** What is wrong with a value, for whoever has to say it in words of their own. */
export type MetadataRule = 'required' | 'unknown' | 'single' | 'multiple' | 'type' | 'vocabulary' | 'format' | 'length'

export interface MetadataIssue {
  /** A JSON pointer below the metadata: `/citation/author/0/authorName`. */
  readonly pointer: string
  /** The field's name, or that of the block or member that is unknown. */
  readonly field: string
  readonly displayName: string
  readonly rule: MetadataRule
  /** A sentence with the display name in it. */
  readonly detail: string
  /** What was given, where it is a short text. */
  readonly value?: string
}

const longest = 5000
const longestText = 200_000
const mostValues = 2000
/** A document with a mistake in every line is not answered with all of them. */
const mostIssues = 100

/**
 * All that is wrong with metadata, in the order of the fields; nothing when they are as they should be. Of `draft`s
 * nothing is required but a title. `required`: fields that a collection asks for beyond what blocks do.
 */
export function checkMetadata(
  blocks: readonly Block[],
  metadata: unknown,
  { draft = false, required = new Set() }: { draft?: boolean; required?: ReadonlySet<string> } = {},
): MetadataIssue[] {
  const issues: MetadataIssue[] = []
  const add = (issue: MetadataIssue): void => void (issues.length < mostIssues && issues.push(issue))
  if (!isObject(metadata)) {
    add({
      pointer: '',
      field: 'metadata',
      displayName: 'Metadata',
      rule: 'type',
      detail: 'Metadata takes an object of blocks.',
    })
    return issues
  }
  for (const name of Object.keys(metadata))
    if (!blocks.some((block) => block.name === name))
      add({
        pointer: `/${escaped(name)}`,
        field: name,
        displayName: name,
        rule: 'unknown',
        detail: `There is no block ${shown(name)}.`,
      })
  for (const block of blocks) {
    const values = metadata[block.name]
    if (values !== undefined && !isObject(values)) {
      add({
        pointer: `/${block.name}`,
        field: block.name,
        displayName: block.displayName,
        rule: 'type',
        detail: `${block.displayName} takes an object of fields.`,
      })
      continue
    }
    for (const name of Object.keys(values ?? {}))
      if (!block.fields.some((field) => field.name === name))
        add({
          pointer: `/${block.name}/${escaped(name)}`,
          field: name,
          displayName: name,
          rule: 'unknown',
          detail: `${block.displayName} has no field ${shown(name)}.`,
        })
    const asks = {
      needed: (field: Field) => (draft ? field.name === 'title' : field.required || required.has(field.name)),
      draft,
    }
    for (const field of block.fields) checkField(field, values?.[field.name], `/${block.name}/${field.name}`, asks, add)
  }
  return issues
}

type Add = (issue: MetadataIssue) => void
interface Asks {
  readonly draft: boolean
  needed(field: Field): boolean
}

function checkField(field: Field, value: unknown, pointer: string, asks: Asks, add: Add): void {
  const { children, multiple } = field
  if (isEmpty(value)) {
    // Asked of a child, it is asked of its compound: a collection may want a country.
    const missing = children === undefined ? [field].filter(asks.needed) : children.filter(asks.needed)
    const whole = children === undefined || asks.needed(field) || missing.some((child) => !child.required)
    const at = children === undefined ? '' : multiple ? '/0' : ''
    if (!whole) return
    for (const one of missing.length > 0 || children === undefined ? missing : [field])
      add(missingOf(one, one === field ? pointer : `${pointer}${at}/${one.name}`))
    return
  }
  if (multiple !== Array.isArray(value)) {
    add({
      ...named(field, pointer),
      rule: multiple ? 'multiple' : 'single',
      detail: `${field.displayName} takes ${multiple ? 'a list of values' : 'a single value'}.`,
    })
    return
  }
  const values = multiple ? (value as unknown[]) : [value]
  if (values.length > mostValues) {
    add({
      ...named(field, pointer),
      rule: 'length',
      detail: `${field.displayName} has more than ${mostValues} values.`,
    })
    return
  }
  for (const [at, one] of values.entries()) {
    const place = multiple ? `${pointer}/${at}` : pointer
    if (children === undefined) checkText(field, one, place, add)
    else if (isObject(one)) checkCompound(field, one, place, asks, add)
    else
      add({
        ...named(field, place),
        rule: 'type',
        detail: `${field.displayName} takes an object of ${namesOf(children)}.`,
      })
  }
}

function checkCompound(field: Field, value: Record<string, unknown>, pointer: string, asks: Asks, add: Add): void {
  const children = field.children ?? []
  for (const name of Object.keys(value))
    if (!children.some((child) => child.name === name))
      add({
        pointer: `${pointer}/${escaped(name)}`,
        field: name,
        displayName: name,
        rule: 'unknown',
        detail: `${field.displayName} has no ${shown(name)}: it is made of ${namesOf(children)}.`,
      })
  const filled = children.some((child) => !isEmpty(value[child.name]))
  for (const child of children) {
    const own = value[child.name]
    const place = `${pointer}/${child.name}`
    if (!isEmpty(own)) checkField(child, own, place, asks, add)
    else if (asks.needed(child) && filled) add(missingOf(child, place))
  }
}

function checkText(field: Field, value: unknown, pointer: string, add: Add): void {
  const about = named(field, pointer)
  if (typeof value === 'number' && (field.type === 'FLOAT' || field.type === 'INT')) value = String(value)
  if (typeof value !== 'string') {
    add({ ...about, rule: 'type', detail: `${field.displayName} takes a text.` })
    return
  }
  const text = value.trim()
  const most = field.type === 'TEXTBOX' ? longestText : longest
  if (text.length > most) {
    add({ ...about, rule: 'length', detail: `${field.displayName} is longer than ${most} characters.` })
    return
  }
  if (field.vocabulary && !field.vocabulary.includes(text)) {
    add({
      ...about,
      rule: 'vocabulary',
      detail: `${field.displayName} does not know the value ${shown(text)}.`,
      value: text.slice(0, 200),
    })
    return
  }
  const wanted = formats[field.type]
  if (wanted && !wanted.holds(text))
    add({ ...about, rule: 'format', detail: `${field.displayName} ${wanted.says}.`, value: text.slice(0, 200) })
}

const formats: Partial<Record<Field['type'], { holds(text: string): boolean; says: string }>> = {
  DATE: { holds: isDate, says: 'is not a valid date: write YYYY, YYYY-MM or YYYY-MM-DD' },
  EMAIL: {
    holds: (text) => /^[^\s@<>()",;:]+@[^\s@<>()",;:]+\.[^\s@<>()",;:.]+$/.test(text),
    says: 'is not a valid email address',
  },
  URL: { holds: isAddress, says: 'is not a valid URL: it begins with http://, https:// or ftp://' },
  FLOAT: {
    holds: (text) => text !== '' && /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?$/i.test(text),
    says: 'is not a number',
  },
  INT: { holds: (text) => /^[-+]?\d{1,15}$/.test(text), says: 'is not a whole number' },
}

/** YYYY, YYYY-MM, YYYY-MM-DD; before Christ (`-0044`, `44 BC`); and guessed (`[1850?]`). */
function isDate(text: string): boolean {
  if (
    /^\[-?\d{1,4}\??\]$/.test(text) ||
    /^-\d{1,6}(-\d\d(-\d\d)?)?$/.test(text) ||
    /^\d{1,6} ?(BCE?|AD|CE)$/i.test(text)
  )
    return true
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text) ?? []
  if (year === undefined) return false
  const told = new Date(0)
  told.setUTCFullYear(Number(year), Number(month ?? 1) - 1, Number(day ?? 1))
  return told.getUTCMonth() + 1 === Number(month ?? 1) && told.getUTCDate() === Number(day ?? 1)
}

/** Of a kind that a page may lead to. */
function isAddress(text: string): boolean {
  if (!/^(https?|ftp):\/\/\S+$/i.test(text)) return false
  return URL.canParse(text)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether nothing is said: also an empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.every(isEmpty)
  return typeof value === 'object' && Object.values(value).every(isEmpty)
}

const named = ({ name, displayName }: Field, pointer: string) => ({ pointer, field: name, displayName })
const missingOf = (field: Field, pointer: string): MetadataIssue => ({
  ...named(field, pointer),
  rule: 'required',
  detail: `${field.displayName} is required.`,
})
const namesOf = (fields: readonly Field[]): string => fields.map(({ name }) => name).join(', ')
const shown = (text: string): string => JSON.stringify(text.slice(0, 80))
const escaped = (name: string): string => name.slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1')

/** Metadata without what is empty, with texts trimmed and fields in their order. Of what `checkMetadata` takes. */
export function normalizeMetadata(blocks: readonly Block[], metadata: unknown): Metadata {
  const given = metadata as Record<string, Record<string, unknown> | undefined>
  const kept: Record<string, Record<string, unknown>> = {}
  for (const block of blocks) {
    const values: Record<string, unknown> = {}
    for (const field of block.fields) {
      const value = given[block.name]?.[field.name]
      if (!isEmpty(value)) values[field.name] = normalized(field, value)
    }
    if (Object.keys(values).length > 0) kept[block.name] = values
  }
  return kept as Metadata
}

function normalized(field: Field, value: unknown): unknown {
  if (field.multiple) return (value as unknown[]).filter((one) => !isEmpty(one)).map((one) => normalizedOne(field, one))
  return normalizedOne(field, value)
}

function normalizedOne({ children }: Field, value: unknown): unknown {
  if (children === undefined) return String(value).trim()
  const own = value as CompoundValue
  return Object.fromEntries(
    children.filter(({ name }) => !isEmpty(own[name])).map((child) => [child.name, normalized(child, own[child.name])]),
  )
}
