import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { GraphicComponent, GridComponent, LegendPlainComponent, TitleComponent } from 'echarts/components'
import { init, setPlatformAPI, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type ChartFrame, planChart } from './chart-option.ts'
import type { ChartSpec } from './document.ts'
import type { FontMeasure } from './fonts.ts'

use([BarChart, LineChart, PieChart, GridComponent, LegendPlainComponent, TitleComponent, GraphicComponent, SVGRenderer])

export interface DrawnChart {
  readonly svg: string
  readonly width: number
  readonly height: number
  readonly cuts: readonly string[]
}

/** A chart as an SVG of so many points across. Only in a process of its own: it sets how ECharts measures text. */
export function openDrawing(measure: FontMeasure) {
  setPlatformAPI({
    measureText: (text: string, font?: string) => {
      const size = Number(/([\d.]+)px/.exec(font ?? '')?.[1] ?? 12)
      return { width: measure.width(text, size, /bold|[6-9]00/.test(font ?? '')) }
    },
  })
  return (spec: ChartSpec, width: number, frame?: ChartFrame): DrawnChart => {
    const plan = planChart(spec, width, measure, frame)
    const chart = init(null, null, { renderer: 'svg', ssr: true, width: plan.width, height: plan.height })
    try {
      chart.setOption(plan.option)
      return { svg: still(chart.renderToSVGString()), width: plan.width, height: plan.height, cuts: plan.cuts }
    } finally {
      // An undisposed one would keep the process alive and at work.
      chart.dispose()
    }
  }
}

/** Without what is for pointers, and without the numbers that count charts: equal charts are equal bytes. */
const still = (svg: string): string =>
  svg
    .replace(/<style[\s\S]*?<\/style>\n?/g, '')
    .replace(/ (?:class="zr[^"]*"|pointer-events="[^"]*"|ecmeta_\w+="[^"]*")/g, '')
    .replace(/\bzr\d+-/g, 'z-')
