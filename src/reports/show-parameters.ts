import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { Problem } from '#src/problem/problem.ts'
import { listValues } from '#src/warehouse/list-values.ts'
import type { ReportData } from './contract.ts'
import type { Parameter, ParameterValue } from './definition.ts'
import type { OpenReport, ReadNeeds } from './open-report.ts'
import { rangeName } from './periods.ts'

type Shown = z.input<typeof ReportData>['parameters'][number]

/** Every parameter with its value in words. */
export const showParameters = (
  needs: ReadNeeds,
  { definition, values, reader }: OpenReport,
  signal?: AbortSignal,
): Promise<Shown[]> =>
  Promise.all(
    definition.parameters.map(async (parameter) => {
      const { name, label, type } = parameter
      const value = values.get(name) ?? null
      return { name, label, type, value, shown: await wordsOf(needs, reader, parameter, value, signal) }
    }),
  )

async function wordsOf(
  needs: ReadNeeds,
  reader: Caller,
  parameter: Parameter,
  value: ParameterValue,
  signal?: AbortSignal,
): Promise<string> {
  if (value === null) return 'All'
  if (parameter.type === 'choice')
    return (await labelsOf(needs, reader, parameter, value as string[], signal)).join(', ')
  if (typeof value === 'object' && !Array.isArray(value)) return rangeName(value)
  const text = String(value)
  return parameter.type === 'period' ? sentence(text.replaceAll('_', ' ')) : text
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What the chosen ids are called; one that the data do not have now is shown as it is. */
async function labelsOf(
  needs: ReadNeeds,
  reader: Caller,
  { model, dimension }: Extract<Parameter, { type: 'choice' }>,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  try {
    const { values } = await listValues(needs, reader, { model, dimension, ids }, signal ? { signal } : {})
    const labels = new Map(values.map(({ id, label }) => [id, label]))
    return ids.map((id) => labels.get(id) ?? id)
  } catch (error) {
    if (error instanceof Problem) return ids
    throw error
  }
}

/** Whatever stands between the braces, blanks too: a pattern that looks for those apart takes for ever on very many. */
const placeholder = /\{\{([^{}]*)\}\}/g

/** What the `{{name}}` of a text block name. */
export const namesIn = (markdown: string): string[] =>
  Array.from(markdown.matchAll(placeholder), ([, name = '']) => name.trim())

/** A text block with values in place of `{{name}}`. A value is never Markdown, whatever it looks like. */
export const fillMarkdown = (markdown: string, parameters: readonly Shown[]): string =>
  markdown.replaceAll(placeholder, (whole, name: string) => {
    const shown = parameters.find((one) => one.name === name.trim())?.shown
    return shown === undefined ? whole : shown.replaceAll(/\s+/g, ' ').replaceAll(/[!-/:-@[-`{-~]/g, '\\$&')
  })
