import { renderSvg } from './chart.ts'
import { lightColors } from './chart-colors.ts'
import { chartHeight, chartOption } from './chart-option.ts'
import type { Drawing } from './drawing.ts'
import { periodName } from './periods.ts'
import type { Answer, Model, Question } from './question.ts'

interface PictureAsk {
  readonly model: Pick<Model, 'label' | 'metrics' | 'dimensions' | 'freshness'>
  readonly question: Question
  readonly answer: Pick<Answer, 'period' | 'snapshot'>
  readonly drawing: Drawing
  /** The portal’s name in the world. */
  readonly from: string
}

const width = 1200
const head = 70
const foot = 34

/** A chart as a file that says by itself what it shows, of when, and whose data they are. */
export async function chartPicture(ask: PictureAsk, format: 'svg' | 'png'): Promise<Blob> {
  const { svg, height } = pictureOf(ask)
  const drawn = new Blob([svg], { type: 'image/svg+xml' })
  return format === 'svg' ? drawn : await pixelsOf(drawn, height)
}

export function pictureOf({ model, question, answer, drawing, from }: PictureAsk): { svg: string; height: number } {
  const { metrics, dimensions, log } = question
  const isTime = drawing.categories.some(({ period }) => period !== null)
  const view = question.view === 'table' ? (isTime ? 'line' : 'bar') : question.view
  const labels = (fields: readonly { name: string; label: string }[], names: readonly string[]): string =>
    names.flatMap((name) => fields.find((field) => field.name === name)?.label ?? []).join(', ')
  const by = dimensions.length === 0 ? '' : ` by ${labels(model.dimensions, dimensions)}`
  const days = answer.period
    ? `${periodName(answer.period.start, 'day')} to ${periodName(answer.period.end, 'day')}`
    : ''
  const asOf = model.freshness ? `, as of ${model.freshness.refreshed_at.slice(0, 10)}` : ''
  const legendLines = drawing.series.length > 1 ? Math.ceil(drawing.series.length / 5) : 0
  const height = head + chartHeight(drawing, view) + legendLines * 22 + foot
  const option = chartOption({
    drawing,
    view,
    log,
    colors: lightColors,
    description: '',
    frame: {
      head,
      foot,
      title: `${labels(model.metrics, metrics)}${by}`,
      subtitle: days,
      source: `Source: ${model.label} (${answer.snapshot})${asOf}, ${from}`,
    },
  })
  return { svg: renderSvg(option, width, height), height }
}

/** Twice as fine as it is big, for screens and print. */
async function pixelsOf(svg: Blob, height: number): Promise<Blob> {
  const address = URL.createObjectURL(svg)
  try {
    const image = new Image(width, height)
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = width * 2
    canvas.height = height * 2
    const context = canvas.getContext('2d')
    if (!context) throw new Error('This browser has no canvas to draw on.')
    context.scale(2, 2)
    context.drawImage(image, 0, 0, width, height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))),
        'image/png',
      ),
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}
