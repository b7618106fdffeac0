/** One line of bench/results.md: our work beside the same work done without us, in the same run. */
export interface BenchRow {
  /** What is measured, in a few words. */
  readonly name: string
  /** Our figure, with its unit ("52 ms", "31,000 req/s"). */
  readonly ours: string
  /** What stands beside it and its figure ("same SQL in DuckDB alone: 48 ms"). */
  readonly baseline: string
  /** Ours against the baseline, as the bar is stated; null where the bar is not a ratio. */
  readonly ratio: number | null
  /** The bar of the design, in words ("≤ 1.2 ×"). */
  readonly bar: string
  readonly met: boolean
  /** Spread over the rounds, circumstances, or why a bar is missed. */
  readonly note?: string
}

/** The middle value; benchmarks interleave the sides and compare medians, since the machine is shared. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
