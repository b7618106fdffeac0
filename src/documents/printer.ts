import { readFileSync } from 'node:fs'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { type CutLimits, type CutNote, cutDocument, cutTexts, joinCuts } from './cut-document.ts'
import type { Document } from './document.ts'
import { openDrawing } from './draw-chart.ts'
import { families, fontFiles, openMeasure } from './fonts.ts'
import { directed } from './right-to-left.ts'
import { typeset } from './typeset.ts'

export interface PdfLimits extends CutLimits {
  readonly pages: number
  readonly bytes: number
}

export interface PrintedPages {
  readonly bytes: Buffer
  readonly pages: number
  readonly cuts: readonly string[]
}

/** However many rows are left out, it stays too big: its texts and charts alone are. */
export class DoesNotFit extends Error {}

/** Everything that takes long or may crash; only for a process of its own. */
export function openPrinter() {
  const measure = openMeasure()
  const draw = openDrawing(measure)
  const here = import.meta.dirname
  const compiler = NodeCompiler.create({
    workspace: here,
    fontArgs: [{ fontBlobs: fontFiles().map((file) => readFileSync(file)) }],
  })
  const template = readFileSync(new URL('report.typ', import.meta.url), 'utf8')

  function compile(document: Document, organization: string, cutsBefore: readonly string[]): PrintedPages {
    const { sheet, pictures, cuts } = typeset(document, organization, cutsBefore, { measure, draw })
    for (const [name, svg] of pictures) compiler.mapShadow(`${here}/${name}`, Buffer.from(svg))
    try {
      const made = compiler.compile({
        mainFileContent: template,
        inputs: { sheet: directed(JSON.stringify(sheet)), families: JSON.stringify(families) },
      })
      if (!made.result)
        throw new Error(`the typesetter refuses it: ${JSON.stringify(made.takeDiagnostics()?.shortDiagnostics)}`)
      const bytes = compiler.pdf(made.result, { creationTimestamp: Math.floor(document.generatedAt.getTime() / 1000) })
      return { bytes, pages: made.result.numOfPages, cuts }
    } finally {
      compiler.resetShadow()
    }
  }

  return {
    draw,
    /** Lets go of what was remembered of the document before the last. */
    tidy: () => compiler.evictCache(1),
    /** Leaves out rows, the longest tables' first, until it has so many pages and bytes at most. */
    pdf(document: Document, organization: string, cutsBefore: readonly CutNote[], limits: PdfLimits): PrintedPages {
      let rows = limits.rowsPerTable
      for (let tries = 0; tries < 6; tries++) {
        const { document: fitting, cuts } = cutDocument(document, { ...limits, rowsPerTable: rows })
        const made = compile(fitting, organization, cutTexts(joinCuts(...cutsBefore, ...cuts)))
        const excess = Math.max(made.pages / limits.pages, made.bytes.length / limits.bytes)
        if (excess <= 1) return made
        const longest = Math.max(0, ...fitting.blocks.map((block) => (block.kind === 'table' ? block.rows.length : 0)))
        if (longest === 0) break
        rows = Math.floor((longest / excess) * 0.9)
      }
      throw new DoesNotFit(`more than ${limits.pages} pages or ${limits.bytes} bytes without any row of a table`)
    },
  }
}
