/** What may stand in a subject or message as `{{name}}`; `parameter.…` besides, for each parameter of the report. */
export const placeholders = {
  report: 'Title of the report',
  date: 'Day of the run, on the clocks of the schedule',
  period: 'Days that the report covers',
  rows: 'Number of rows in the report',
  recipient: 'Name of the recipient',
  subscription: 'Name of the subscription',
} as const

export type Placeholder = keyof typeof placeholders

const parameterPrefix = 'parameter.'
/** Anything between double braces, so that a misspelt one is found and not sent. */
const shape = /\{\{([^{}]*)\}\}/g

/** Placeholders of a template that nothing stands for. */
export function unknownPlaceholders(template: string, parameters: readonly string[]): string[] {
  const names = [...template.matchAll(shape)].map(([, name = '']) => name.trim())
  const known = new Set<string>([...Object.keys(placeholders), ...parameters.map((name) => parameterPrefix + name)])
  return [...new Set(names.filter((name) => !known.has(name)))]
}

export interface PlaceholderValues extends Readonly<Record<Placeholder, string>> {
  readonly parameters: Readonly<Record<string, string>>
}

/** The template with its values. What stands in a value is text: it is not looked at for placeholders again. */
export function fillPlaceholders(template: string, values: PlaceholderValues): string {
  return template.replace(shape, (whole, written: string) => {
    const name = written.trim()
    if (name.startsWith(parameterPrefix)) {
      const parameter = name.slice(parameterPrefix.length)
      return Object.hasOwn(values.parameters, parameter) ? (values.parameters[parameter] ?? '') : whole
    }
    return Object.hasOwn(placeholders, name) ? values[name as Placeholder] : whole
  })
}

/** Text as Markdown that shows just this text. */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]()#+\-.!|<>&~:/@]/g, '\\$&')
    // An indent or a line of its own would mean something.
    .replace(/\s+/g, (blank) => (blank.includes('\n') ? ' ' : blank))
