import { cleanLine, cleanText, drawable } from './clean-text.ts'
import { cutText, notesOf } from './cut-document.ts'
import type { ChartBlock, Document, DocumentBlock, NumberBlock, TableBlock } from './document.ts'
import type { DrawnChart } from './draw-chart.ts'
import { outlined } from './draw-picture.ts'
import { asOfText, formatChange, formatNumber, momentText } from './figures.ts'
import type { FontMeasure } from './fonts.ts'
import { readMarkdown, safeLink, type TextPiece } from './markdown.ts'
import { isWide, type MeasuredTable, measureTable, type SetTable, setTable } from './set-table.ts'

/** What `report.typ` takes: all text is ready, all sizes are in points. */
export interface Sheet {
  readonly title: string
  readonly subtitle: string
  readonly organization: string
  /** Year, month, day, hour, minute and second for the file's own facts, in UTC. */
  readonly date: readonly number[]
  readonly made: string
  readonly asOf: string
  readonly facts: readonly (readonly [string, string])[]
  readonly notes: readonly string[]
  readonly link: string
  readonly sections: readonly { readonly wide: boolean; readonly blocks: readonly SetBlock[] }[]
}

export type SetBlock =
  | { readonly kind: 'text'; readonly pieces: readonly TextPiece[] }
  | { readonly kind: 'numbers'; readonly cards: readonly SetCard[] }
  | ({ readonly kind: 'table' } & SetTable)
  | {
      readonly kind: 'chart'
      readonly title: string
      readonly svg: string
      readonly width: number
      readonly height: number
      readonly note: string
    }

interface SetCard {
  readonly title: string
  readonly value: string
  readonly unit: string
  readonly change: string
  readonly way: 'up' | 'down' | 'even' | ''
  readonly label: string
}

/** Letters of scripts that none of our fonts has. */
const unprintable =
  /(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Devanagari}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Armenian}\p{Script=Georgian}])\p{L}(?<!\p{Script=Common})/u

/** Points between the margins of A4, upright and lying. */
export const textWidth = { upright: 505, wide: 752 }
const pixelsPerPoint = 4 / 3

export interface TypesetTools {
  readonly measure: FontMeasure
  draw(chart: ChartBlock['chart'], width: number): DrawnChart
}

export interface Typeset {
  readonly sheet: Sheet
  /** By the names under which the sheet refers to them. */
  readonly pictures: ReadonlyMap<string, string>
  readonly cuts: readonly string[]
}

/** A document in the typesetter's terms. `cuts` were made before it came here. */
export function typeset(
  document: Document,
  organization: string,
  cutsBefore: readonly string[],
  tools: TypesetTools,
): Typeset {
  const pictures = new Map<string, string>()
  const cuts = [...cutsBefore]
  const sections: { wide: boolean; blocks: SetBlock[] }[] = []
  const measured = new Map<TableBlock, MeasuredTable>()
  const tableOf = (table: TableBlock): MeasuredTable => {
    const known = measured.get(table) ?? measureTable(table, document.timeZone, tools.measure)
    measured.set(table, known)
    return known
  }
  let wide = false
  document.blocks.forEach((block, i) => {
    const next = document.blocks[i + 1]
    // What introduces a wide table goes with it.
    const follows = (block.kind === 'text' || block.kind === 'number') && next !== undefined ? next : block
    if (follows.kind === 'table') wide = isWide(tableOf(follows), textWidth.upright)
    else if (follows.kind === 'chart') wide = false
    const width = wide ? textWidth.wide : textWidth.upright
    const section = sections.at(-1)?.wide === wide ? sections.at(-1)! : { wide, blocks: [] }
    if (sections.at(-1) !== section) sections.push(section)
    const last = section.blocks.at(-1)
    if (block.kind === 'number' && last?.kind === 'numbers') (last.cards as SetCard[]).push(setCard(block))
    else section.blocks.push(setBlock(block, document.timeZone, width, pictures, cuts, tools, tableOf))
  })
  if (unprintable.test(JSON.stringify([document.title, document.subtitle, document.facts, sections])))
    cuts.push('Some letters are shown as boxes, as no font here has them; they are whole in a workbook and in mails.')
  return {
    pictures,
    cuts,
    sheet: {
      title: cleanLine(document.title).slice(0, 300) || 'Report',
      subtitle: cleanLine(document.subtitle ?? '').slice(0, 500),
      organization: cleanLine(organization),
      date: dateParts(document.generatedAt),
      made: momentText(document.generatedAt, document.timeZone),
      asOf: document.dataAsOf === null ? '' : cleanLine(asOfText(document.dataAsOf, document.timeZone)),
      facts: document.facts.map(({ label, value }) => [breakable(cleanLine(label)), breakable(cleanLine(value))]),
      notes: notesOf(document, cuts).map(breakable),
      link: document.link === undefined ? '' : (safeLink(document.link) ?? ''),
      sections: sections.length > 0 ? sections : [{ wide: false, blocks: [] }],
    },
  }
}

function setBlock(
  block: DocumentBlock,
  timeZone: string,
  width: number,
  pictures: Map<string, string>,
  cuts: string[],
  { measure, draw }: TypesetTools,
  tableOf: (table: TableBlock) => MeasuredTable,
): SetBlock {
  switch (block.kind) {
    case 'text':
      return { kind: 'text', pieces: readMarkdown(block.markdown) }
    case 'number':
      return { kind: 'numbers', cards: [setCard(block)] }
    case 'table':
      return { kind: 'table', ...setTable(block, tableOf(block), timeZone, width, measure) }
    case 'chart': {
      const drawn = draw(block.chart, width * pixelsPerPoint)
      const name = `chart-${pictures.size + 1}.svg`
      // Where letters come from several fonts, the typesetter's reader of SVG has gone round in circles for ever.
      const text = [block.chart.unit, ...block.chart.categories, ...block.chart.series.map((each) => each.name)].join(
        '',
      )
      pictures.set(name, measure.holds(drawable(text)) ? drawn.svg : outlined(drawn.svg))
      const title = cleanLine(block.title)
      const own = drawn.cuts.map((cut) => `“${title}” ${cut}.`)
      cuts.push(...own)
      const note = [...(block.cut ? [`Shown: ${cutText(block.cut, 'group')}.`] : []), ...own].join(' ')
      return {
        kind: 'chart',
        title,
        svg: name,
        width,
        height: drawn.height / pixelsPerPoint,
        note,
      }
    }
  }
}

function setCard({ title, value, unit, decimals, change }: NumberBlock): SetCard {
  const isThere = value !== null && Number.isFinite(value)
  return {
    title: breakable(cleanLine(title)),
    value: isThere ? formatNumber(value, decimals) : '–',
    unit: isThere ? cleanLine(unit) : '',
    change: change ? formatChange(change.value) : '',
    way: change ? (change.value > 0 ? 'up' : change.value < 0 ? 'down' : 'even') : '',
    label: change ? breakable(cleanLine(change.label)) : '',
  }
}

const dateParts = (at: Date): number[] => [
  at.getUTCFullYear(),
  at.getUTCMonth() + 1,
  at.getUTCDate(),
  at.getUTCHours(),
  at.getUTCMinutes(),
  at.getUTCSeconds(),
]

/** Words that no line would hold may break. */
export const breakable = (text: string): string => cleanText(text).replace(/\S{24}(?=\S)(?!\p{M})/gu, '$&\u200b')
