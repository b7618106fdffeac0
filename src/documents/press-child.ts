/** The press's own process: one order after the other, until whoever started it is gone. */
import type { ChildMessage } from './children.ts'
import type { CutNote } from './cut-document.ts'
import type { ChartBlock, Document } from './document.ts'
import { drawPicture, pixelsOf } from './draw-picture.ts'
import { composeMail } from './letter/compose-mail.ts'
import { plainLetters } from './plain-letters.ts'
import type { MailOptions, PrintedMail } from './press.ts'
import { DoesNotFit, openPrinter, type PdfLimits } from './printer.ts'

export type PressOrder =
  | {
      readonly make: 'pdf'
      readonly document: Document
      readonly organization: string
      readonly cuts: readonly CutNote[]
      readonly limits: PdfLimits
      readonly careful: boolean
    }
  | {
      readonly make: 'mail'
      readonly document: Document
      readonly organization: string
      readonly options: MailOptions
      readonly cuts: readonly CutNote[]
      readonly careful: boolean
    }
  | { readonly make: 'svg' | 'png'; readonly block: ChartBlock; readonly careful: boolean }

export type PressResult = PrintedMail | { readonly bytes: Uint8Array; readonly cuts: readonly string[] }

const printer = openPrinter()

function make(asked: PressOrder): PressResult {
  const order = asked.careful ? plainLetters(asked) : asked
  if (order.make === 'mail') {
    return composeMail(order.document, order.organization, order.options, order.cuts, (block) => {
      const drawn = drawPicture(block, printer.draw)
      return { png: pixelsOf(drawn, block), cuts: drawn.cuts.map((cut) => `“${block.title}” ${cut}.`) }
    })
  }
  if (order.make === 'pdf') {
    const cuts = asked.careful
      ? [...order.cuts, { about: 'letters', text: 'Letters that could not be printed are shown as □.' }]
      : order.cuts
    return printer.pdf(order.document, order.organization, cuts, order.limits)
  }
  const drawn = drawPicture(order.block, printer.draw, { title: order.block.title, subtitle: '', source: '' })
  const title = order.block.title
  const cuts = drawn.cuts.map((cut) => `“${title}” ${cut}.`)
  return { bytes: order.make === 'svg' ? Buffer.from(drawn.svg) : pixelsOf(drawn, order.block), cuts }
}

process.on('message', (order: PressOrder) => {
  const memory = process.memoryUsage().rss
  let message: ChildMessage<PressResult>
  try {
    message = { done: make(order), memory }
  } catch (error) {
    message = {
      failed: error instanceof Error ? error.message : String(error),
      hopeless: error instanceof DoesNotFit,
      memory,
    }
  }
  // Tidying up comes after the answer: nobody waits for it.
  process.send?.(message, () => printer.tidy())
})
process.on('disconnect', () => process.exit())
