import { crc32 } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'
import type { ChartFrame } from './chart-option.ts'
import { cleanLine } from './clean-text.ts'
import { describeChart } from './describe-chart.ts'
import type { ChartBlock } from './document.ts'
import type { DrawnChart } from './draw-chart.ts'
import { families, fontFiles } from './fonts.ts'

const pictureWidth = 720

/** A chart as a file of its own, with its title in it, and in words for those who don't see it. */
export function drawPicture(
  block: ChartBlock,
  draw: (spec: ChartBlock['chart'], width: number, frame?: ChartFrame) => DrawnChart,
  frame?: ChartFrame,
): DrawnChart {
  const drawn = draw(block.chart, pictureWidth, frame)
  const words = `<title>${escapeXml(block.title)}</title><desc>${escapeXml(describeChart(block))}</desc>`
  const svg = drawn.svg
    .replace(/^<svg /, '<svg role="img" ')
    .replace(/>/, `>\n${words}`)
    .replaceAll('font-family:Noto Sans;', `font-family:'Noto Sans',system-ui,sans-serif;`)
  return { ...drawn, svg }
}

/** Twice as fine as it is big, for screens and print. */
export function pixelsOf({ svg, width }: DrawnChart, block: ChartBlock): Buffer {
  const png = new Resvg(svg, { ...resvgOptions(), fitTo: { mode: 'width', value: width * 2 } }).render().asPng()
  return withWords(png, { Title: cleanLine(block.title), Description: describeChart(block) })
}

/** The same drawing with its letters as shapes. */
export const outlined = (svg: string): string => new Resvg(svg, resvgOptions()).toString()

const resvgOptions = () => ({
  font: {
    loadSystemFonts: false,
    fontFiles: fontFiles(),
    defaultFontFamily: families[0],
    sansSerifFamily: families[0],
  },
  logLevel: 'off' as const,
})

/** Texts into the file, as international text chunks behind its head. */
function withWords(png: Buffer, words: Readonly<Record<string, string>>): Buffer {
  const chunks = Object.entries(words).map(([key, text]) => {
    const body = Buffer.from(`iTXt${key}\0\0\0\0\0${text}`)
    const chunk = Buffer.alloc(body.length + 8)
    chunk.writeUInt32BE(body.length - 4)
    body.copy(chunk, 4)
    chunk.writeUInt32BE(crc32(body), body.length + 4)
    return chunk
  })
  // The signature and the first chunk, which is always 13 bytes of size and colours.
  const head = 8 + 25
  return Buffer.concat([png.subarray(0, head), ...chunks, png.subarray(head)])
}

const escapeXml = (text: string): string =>
  cleanLine(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
