import { usesWords } from './use-words.ts'

interface SparklineProps {
  /** Uses per day, today last. */
  readonly uses: readonly number[]
  readonly width?: number
  readonly height?: number
}

/** Uses per day as small bars; the same in words for who doesn't see them. */
export function Sparkline({ uses, width = 120, height = 28 }: SparklineProps) {
  const says = usesWords(uses)
  return (
    <svg
      role="img"
      aria-label={says}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      style={{ display: 'block', maxWidth: '100%' }}
    >
      <title>{says}</title>
      <rect x={0} y={height - 1} width={width} height={1} fill="var(--mantine-color-dimmed)" opacity={0.5} />
      <path d={bars(uses, width, height)} fill="var(--mantine-color-anchor)" />
    </svg>
  )
}

/** All bars as one outline; the least use is still to be seen. */
function bars(uses: readonly number[], width: number, height: number): string {
  const most = Math.max(1, ...uses)
  const step = width / Math.max(1, uses.length)
  const wide = Math.max(1, step - 1)
  return uses
    .map((count, i) => {
      const tall = count === 0 ? 0 : Math.max(3, Math.round((count / most) * (height - 2)))
      return tall === 0 ? '' : `M${i * step} ${height}v${-tall}h${wide}v${tall}z`
    })
    .join('')
}
