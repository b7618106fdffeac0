interface Statistics {
  readonly min: string | null
  readonly max: string | null
  readonly mean: number | null
  readonly deviation: number | null
  readonly quartiles: readonly string[] | null
  readonly top: readonly { readonly value: string; readonly count: number }[]
}

const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 })
const whole = new Intl.NumberFormat('en')
/** So many of the most frequent values tell what a column holds. */
const mostTop = 4
const longest = 40

/** What stands in a column, in a sentence: of numbers and times how far they reach, of words which come most often. */
export function valuesText(type: string, statistics: Statistics | null): string {
  if (statistics === null) return ''
  const { min, max, mean, deviation, quartiles, top } = statistics
  const isMeasured = ['integer', 'number', 'date', 'time', 'timestamp'].includes(type)
  if (isMeasured && min !== null && max !== null)
    return [
      min === max ? `always ${min}` : `${min} to ${max}`,
      ...(mean === null || min === max ? [] : [`mean ${figure.format(mean)}`]),
      ...(deviation === null || min === max ? [] : [`standard deviation ${figure.format(deviation)}`]),
      ...(quartiles?.[1] === undefined || min === max ? [] : [`median ${quartiles[1]}`]),
    ].join(', ')
  if (top.length > 0)
    return top
      .slice(0, mostTop)
      .map(({ value, count }) => `${cut(value)} (${whole.format(count)})`)
      .join(', ')
  return min === null || max === null ? '' : `${cut(min)} to ${cut(max)}`
}

const cut = (text: string): string => (text.length > longest ? `${[...text].slice(0, longest).join('')}…` : text)
