import { z } from 'zod'
import { Period } from '#src/warehouse/ask.ts'
import { splitIds } from '#src/warehouse/id-list.ts'
import { noSuch } from '#src/warehouse/no-such.ts'
import type { Definition, Parameter, ParameterValue } from './definition.ts'
import type { Values } from './fill-query.ts'
import { parametersInvalid } from './problems.ts'

const Day = z.iso.date()

/** A value for every declared parameter: what is given, else its default, else none. Everything wrong is told at once. */
export function resolveParameters(
  { parameters }: Pick<Definition, 'parameters'>,
  given: Readonly<Record<string, ParameterValue>>,
): Values {
  const errors: { pointer: string; detail: string }[] = []
  const wrong = (name: string, detail: string) => void errors.push({ pointer: `#/parameters/${name}`, detail })
  for (const name of Object.keys(given))
    if (!parameters.some((one) => one.name === name)) wrong(name.slice(0, 60), noSuch('parameter', name, parameters))
  const values = new Map<string, ParameterValue>()
  for (const parameter of parameters) {
    const { name } = parameter
    const asked = Object.hasOwn(given, name) ? given[name] : undefined
    const value = asked === undefined ? (parameter.default ?? null) : asked
    const fault = faultOf(parameter, value)
    if (fault !== null) wrong(name, fault)
    values.set(name, plain(parameter, value))
  }
  if (errors.length > 0)
    throw parametersInvalid({
      detail: errors
        .map(({ detail }) => detail)
        .slice(0, 3)
        .join(' '),
      errors: errors.slice(0, 100),
      extensions: {
        parameters: parameters.map(({ name, label, type, required }) => ({ name, label, type, required })),
      },
    })
  return values
}

/** Why a value is none for its parameter; null when it is. */
export function faultOf(parameter: Parameter, value: ParameterValue): string | null {
  const { name, type } = parameter
  if (value === null || (Array.isArray(value) && value.length === 0))
    return parameter.required ? `${name} needs a value.` : null
  switch (type) {
    case 'text':
      return typeof value === 'string' ? null : `${name} takes a text.`
    case 'number':
      if (typeof value !== 'number') return `${name} takes a number.`
      if (parameter.min !== undefined && value < parameter.min) return `${name} takes at least ${parameter.min}.`
      if (parameter.max !== undefined && value > parameter.max) return `${name} takes at most ${parameter.max}.`
      return null
    case 'date':
      return Day.safeParse(value).success ? null : `${name} takes a day, YYYY-MM-DD.`
    case 'period': {
      const read = Period.safeParse(value)
      if (!read.success) return `${name} takes a period: one of the names that queries take, or {start, end}.`
      if (typeof read.data !== 'string' && read.data.end < read.data.start) return `${name} ends before it starts.`
      return null
    }
    case 'choice':
      if (typeof value === 'string') return null
      if (!Array.isArray(value)) return `${name} takes an id of ${parameter.dimension}, or a list of them.`
      return value.length > 1 && !parameter.multiple ? `${name} takes one value.` : null
  }
}

/** Choices are lists of different ids; an empty one is none. */
function plain(parameter: Parameter, value: ParameterValue): ParameterValue {
  if (parameter.type !== 'choice' || value === null) return value
  const ids = [...new Set([value].flat() as string[])]
  return ids.length === 0 ? null : ids
}

/** Values as an address writes them (`name:value`), read by the types that the report declares. */
export function readAddressParameters(
  { parameters }: Pick<Definition, 'parameters'>,
  words: readonly string[],
): Record<string, ParameterValue> {
  return Object.fromEntries(
    words.map((word): [string, ParameterValue] => {
      const colon = word.indexOf(':')
      const [name, text] = [word.slice(0, colon), word.slice(colon + 1)]
      return [
        name,
        fromText(
          parameters.find((one) => one.name === name),
          text,
        ),
      ]
    }),
  )
}

function fromText(parameter: Parameter | undefined, text: string): ParameterValue {
  if (parameter === undefined || parameter.type === 'text') return text
  if (text === '') return null
  if (parameter.type === 'number')
    return /^[+-]?(\d|\.\d)/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text
  if (parameter.type === 'choice') return splitIds(text)
  const [start, end, ...more] = text.split('/')
  return parameter.type === 'period' && start && end && more.length === 0 ? { start, end } : text
}
