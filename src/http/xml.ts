/** XML that is known to be well formed: made by `element`, with everything from outside escaped. */
export class Xml {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

/** What may stand in an element. Absent values leave no trace. */
export type XmlContent = Xml | string | number | null | undefined | readonly XmlContent[]

/** Names are the program's own, never from outside. Attributes without a value are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | null | undefined>> = {},
  ...content: readonly XmlContent[]
): Xml {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('')
  const inside = inner(content)
  return new Xml(inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`)
}

export const xmlDocument = (root: Xml): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root.text}\n`

function inner(content: XmlContent): string {
  if (content === null || content === undefined) return ''
  if (content instanceof Xml) return content.text
  if (Array.isArray(content)) return content.map(inner).join('')
  return escapeXml(String(content))
}

/** Without what XML 1.0 cannot hold at all: control signs, halves of surrogate pairs, U+FFFE and U+FFFF. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"\r]/g, (sign) => entities[sign]!)

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' }
