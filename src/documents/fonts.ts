import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/**
 * What we set in. The system's own fonts are never used, so a document looks alike whichever machine it comes from. The
 * others help out, in this order, where Noto Sans has no such letter; the last one comes inside Typst.
 */
export const families = [
  'Noto Sans',
  'Noto Sans Arabic',
  'Noto Sans Hebrew',
  'Noto Sans Symbols',
  'Noto Emoji',
  'DejaVu Sans Mono',
] as const

const files = [
  'noto-sans/400Regular/NotoSans_400Regular',
  'noto-sans/600SemiBold/NotoSans_600SemiBold',
  'noto-sans/400Regular_Italic/NotoSans_400Regular_Italic',
  'noto-sans/600SemiBold_Italic/NotoSans_600SemiBold_Italic',
  'noto-sans-arabic/400Regular/NotoSansArabic_400Regular',
  'noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold',
  'noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular',
  'noto-sans-hebrew/600SemiBold/NotoSansHebrew_600SemiBold',
  'noto-sans-symbols/400Regular/NotoSansSymbols_400Regular',
  'noto-emoji/400Regular/NotoEmoji_400Regular',
]

const require = createRequire(import.meta.url)
export const fontFiles = (): string[] => files.map((file) => require.resolve(`@expo-google-fonts/${file}.ttf`))

export interface FontMeasure {
  /** How wide a text is in points (or whatever `size` is in), within a hundredth for letters that the font has. */
  width(text: string, size: number, isBold?: boolean): number
  /** Whether the main font has all its letters. */
  holds(text: string): boolean
}

export function openMeasure(): FontMeasure {
  const [regular, bold] = fontFiles()
    .slice(0, 2)
    .map((file) => advancesOf(readFileSync(file)))
  const all = { regular: regular!, bold: bold! }
  return {
    width(text, size, isBold = false) {
      const advances = isBold ? all.bold : all.regular
      let units = 0
      for (const letter of text) units += advances.get(letter.codePointAt(0)!) ?? elsewhere
      return (units * size) / 1000
    },
    holds: (text) => [...text].every((letter) => letter === '\n' || all.regular.has(letter.codePointAt(0)!)),
  }
}

/** Letters of other fonts are taken to be as wide as the widest usual ones. */
const elsewhere = 1100

/** From the tables `cmap` and `hmtx` of a TrueType file: how far each character moves on, in thousandths of its size. */
function advancesOf(file: Buffer): ReadonlyMap<number, number> {
  const tables = new Map<string, number>()
  for (let i = 0; i < file.readUInt16BE(4); i++)
    tables.set(file.toString('latin1', 12 + i * 16, 16 + i * 16), file.readUInt32BE(20 + i * 16))
  const at = (table: string): number => tables.get(table)!
  const perEm = file.readUInt16BE(at('head') + 18)
  const count = file.readUInt16BE(at('hhea') + 34)
  const advance = (glyph: number): number =>
    (file.readUInt16BE(at('hmtx') + Math.min(glyph, count - 1) * 4) * 1000) / perEm
  return new Map([...glyphsOf(file, at('cmap'))].map(([letter, glyph]) => [letter, advance(glyph)]))
}

/** Which glyph draws which character: subtables of format 4 (all that these fonts need). */
function glyphsOf(file: Buffer, cmap: number): Map<number, number> {
  const glyphs = new Map<number, number>()
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i++) {
    const table = cmap + file.readUInt32BE(cmap + 8 + i * 8)
    if (file.readUInt16BE(table) !== 4) continue
    const twice = file.readUInt16BE(table + 6)
    for (let segment = 0; segment < twice; segment += 2) {
      const end = file.readUInt16BE(table + 14 + segment)
      const start = file.readUInt16BE(table + 16 + twice + segment)
      const delta = file.readUInt16BE(table + 16 + 2 * twice + segment)
      const offsetAt = table + 16 + 3 * twice + segment
      const offset = file.readUInt16BE(offsetAt)
      for (let letter = start; letter <= end && letter !== 0xffff; letter++) {
        const raw = offset === 0 ? letter : file.readUInt16BE(offsetAt + offset + 2 * (letter - start))
        if (raw !== 0) glyphs.set(letter, (raw + delta) & 0xffff)
      }
    }
  }
  return glyphs
}
