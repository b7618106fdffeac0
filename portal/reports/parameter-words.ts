import type { Search } from '#portal/kit/search.ts'
import { readFilterWord, writeFilterWord } from '#portal/warehouse/filter-words.ts'
import { periodLabels } from '#portal/warehouse/question.ts'
import type { Parameter } from './definition.ts'
import type { ParameterValue, ParameterValues } from './report-data.ts'

/**
 * Values of parameters as they stand in addresses, `parameter=queue:debug,long`, here as in the API. What is not given
 * has its default; a word that ends with its colon gives none.
 */

interface Read {
  readonly values: ParameterValues
  /** What stands in the address but makes no sense here. */
  readonly ignored: readonly string[]
}

export function readParameters(search: Search, parameters: readonly Parameter[]): Read {
  const ignored = Object.entries(search).flatMap(([key, value]) =>
    key === 'parameter' ? [] : [`${key}=${[value].flat().join(',')}`],
  )
  const values: Record<string, ParameterValue> = {}
  for (const word of [search.parameter ?? []].flat()) {
    const [name = ''] = word.split(':', 1)
    const parameter = parameters.find((one) => one.name === name)
    const value = parameter && word.includes(':') ? readValue(parameter, word) : undefined
    if (value === undefined) ignored.push(`parameter=${word}`)
    else values[name] = value
  }
  return { values, ignored }
}

export function writeParameters(values: ParameterValues, parameters: readonly Parameter[]): Search {
  const words = parameters.flatMap((parameter) => {
    const value = values[parameter.name]
    return value === undefined ? [] : [writeValue(parameter, value)]
  })
  return words.length === 0 ? {} : { parameter: words.length === 1 ? words[0]! : words }
}

function readValue({ type, name }: Parameter, word: string): ParameterValue | undefined {
  const text = word.slice(name.length + 1)
  if (text === '') return null
  switch (type) {
    case 'number': {
      const number = Number(text)
      return Number.isFinite(number) ? number : undefined
    }
    case 'date':
      return isDay(text) ? text : undefined
    case 'period': {
      const [start = '', end = ''] = text.split('/')
      if (isDay(start) && isDay(end)) return { start, end }
      return Object.hasOwn(periodLabels, text) ? text : undefined
    }
    case 'choice':
      return [...(readFilterWord(word)?.values ?? [])]
    default:
      return text
  }
}

function writeValue({ name }: Parameter, value: ParameterValue): string {
  if (value === null) return `${name}:`
  if (Array.isArray(value)) return writeFilterWord({ dimension: name, values: value, exclude: false })
  return typeof value === 'object' ? `${name}:${value.start}/${value.end}` : `${name}:${value}`
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(new Date(`${text}T00:00:00Z`).getTime())
