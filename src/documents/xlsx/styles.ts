import { xmlText } from './xml-text.ts'

export interface CellStyle {
  /** As spreadsheets write them (`#,##0.00`); General where nothing is said. */
  readonly format?: string
  readonly bold?: boolean
  readonly dim?: boolean
  readonly size?: number
  readonly link?: boolean
  /** RRGGBB. */
  readonly fill?: string
  readonly above?: boolean
  readonly below?: boolean
  readonly wrap?: boolean
  readonly align?: 'left' | 'right' | 'center'
  /** Stays text when somebody edits it, whatever it begins with. */
  readonly asText?: boolean
}

/** How a rule makes a cell look that it applies to. */
export interface RuleStyle {
  readonly text: string
  readonly fill: string
  readonly bold: boolean
  readonly format: string
}

/** Collects what cells look like; each look gets one number, however often it is asked for. */
export function openStyles() {
  const formats = listOf<string>()
  const fonts = listOf<string>()
  const fills = listOf<string>()
  const borders = listOf<string>()
  const cells = listOf<string>()
  const rules = listOf<string>()
  fonts('<font><sz val="10"/><color rgb="FF1F2429"/><name val="Noto Sans"/><family val="2"/></font>')
  fills('<fill><patternFill patternType="none"/></fill>')
  fills('<fill><patternFill patternType="gray125"/></fill>')
  borders('<border><left/><right/><top/><bottom/><diagonal/></border>')
  cells('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>')

  const line = (name: string, is: boolean | undefined): string =>
    is ? `<${name} style="thin"><color rgb="FF5B636B"/></${name}>` : `<${name}/>`
  const formatId = (format: string | undefined): number => (format === undefined ? 0 : 164 + formats(format))

  return {
    cell(style: CellStyle): number {
      const { bold, dim, link, size = 10, fill, above, below, wrap, align, asText } = style
      const colour = link ? '0072B2' : dim ? '5B636B' : '1F2429'
      const font = fonts(
        `<font>${bold ? '<b/>' : ''}${link ? '<u/>' : ''}<sz val="${size}"/><color rgb="FF${colour}"/><name val="Noto Sans"/><family val="2"/></font>`,
      )
      const ground =
        fill === undefined
          ? 0
          : fills(
              `<fill><patternFill patternType="solid"><fgColor rgb="FF${fill}"/><bgColor indexed="64"/></patternFill></fill>`,
            )
      const border = borders(`<border><left/><right/>${line('top', above)}${line('bottom', below)}<diagonal/></border>`)
      const alignment = `<alignment vertical="top"${align ? ` horizontal="${align}"${align === 'left' ? ' indent="1"' : ''}` : ''}${wrap ? ' wrapText="1"' : ''}/>`
      return cells(
        `<xf numFmtId="${formatId(style.format)}" fontId="${font}" fillId="${ground}" borderId="${border}" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"${asText ? ' quotePrefix="1"' : ''}>${alignment}</xf>`,
      )
    },
    rule({ text, fill, bold, format }: RuleStyle): number {
      return rules(
        `<dxf><font>${bold ? '<b/>' : ''}<color rgb="FF${text}"/></font><numFmt numFmtId="${formatId(format)}" formatCode="${xmlText(format)}"/><fill><patternFill patternType="solid"><fgColor rgb="FF${fill}"/><bgColor rgb="FF${fill}"/></patternFill></fill></dxf>`,
      )
    },
    xml: (): string =>
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${
        formats.all.length > 0
          ? `<numFmts count="${formats.all.length}">${formats.all.map((format, i) => `<numFmt numFmtId="${164 + i}" formatCode="${xmlText(format)}"/>`).join('')}</numFmts>`
          : ''
      }${counted('fonts', fonts.all)}${counted('fills', fills.all)}${counted('borders', borders.all)}<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>${counted('cellXfs', cells.all)}<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>${counted('dxfs', rules.all)}</styleSheet>`,
  }
}

export type Styles = ReturnType<typeof openStyles>

const counted = (name: string, all: readonly string[]): string =>
  `<${name} count="${all.length}">${all.join('')}</${name}>`

/** Gives equal things one number. */
function listOf<T>() {
  const places = new Map<T, number>()
  const all: T[] = []
  const place = (thing: T): number => {
    const known = places.get(thing)
    if (known !== undefined) return known
    places.set(thing, all.length)
    return all.push(thing) - 1
  }
  return Object.assign(place, { all: all as readonly T[] })
}
