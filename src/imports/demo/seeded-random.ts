/** Random numbers that are the same for the same seed on every machine (sfc32). */
export interface Random {
  /** Evenly from 0 (included) to 1 (excluded). */
  next(): number
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number
  pick<T>(items: readonly T[]): T
  /** The place in rising sums of weights (the last is the total). */
  place(sums: Float64Array): number
  /** Many small and a few large values: log-normal with that median; `spread` is the deviation of the logarithm. */
  skewed(median: number, spread: number): number
}

export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, seed | 0, 1]
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let warmUp = 0; warmUp < 16; warmUp++) next()
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
    place: (sums) => {
      const aim = next() * (sums.at(-1) ?? 0)
      let [low, high] = [0, sums.length - 1]
      while (low < high) {
        const middle = (low + high) >>> 1
        if ((sums[middle] ?? 0) > aim) high = middle
        else low = middle + 1
      }
      return low
    },
    skewed: (median, spread) => {
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      return median * Math.exp(spread * radius * Math.cos(2 * Math.PI * next()))
    },
  }
}

export const risingSums = (weights: readonly number[]): Float64Array => {
  let sum = 0
  return Float64Array.from(weights, (weight) => {
    sum += weight
    return sum
  })
}
