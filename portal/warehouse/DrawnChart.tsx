import { useEffect, useRef } from 'react'
import { type Chart, openChart } from './chart.ts'

interface DrawnChartProps {
  /** The same one as long as nothing is to be drawn anew. */
  readonly option: Parameters<Chart['setOption']>[0]
  readonly height: number
  /** A point was clicked: of which series, and which place on its axis. */
  readonly onPoint?: ((series: string, place: number) => void) | undefined
}

/** What ECharts draws, as wide as there is room. */
export function DrawnChart({ option, height, onPoint }: DrawnChartProps) {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<Chart>(undefined)
  useEffect(() => {
    if (!element.current) return
    const opened = openChart(element.current)
    chart.current = opened
    const observer = new ResizeObserver(() => opened.resize())
    observer.observe(element.current)
    return () => {
      observer.disconnect()
      opened.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true })
    chart.current?.resize()
  }, [option])
  useEffect(() => {
    const opened = chart.current
    if (!opened || !onPoint) return
    const follow = ({ seriesId, dataIndex }: { seriesId?: string; dataIndex?: number }) =>
      onPoint(seriesId ?? '', dataIndex ?? -1)
    opened.on('click', follow as never)
    return () => {
      opened.off('click', follow as never)
    }
  }, [onPoint])
  return <div ref={element} style={{ width: '100%', height }} />
}
