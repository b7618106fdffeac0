import type { Caller } from '#src/access/caller.ts'
import { Problem } from '#src/problem/problem.ts'
import type { AskInput } from '#src/warehouse/ask.ts'
import { Ask } from '#src/warehouse/ask.ts'
import { type Catalogue, findDimension, findOptionSet } from '#src/warehouse/catalogue.ts'
import { matchAsk } from '#src/warehouse/match-ask.ts'
import { noSuch } from '#src/warehouse/no-such.ts'
import { matchFilters } from '#src/warehouse/plan-filters.ts'
import { mayRead, mayUse, type Shelf, usableDimensions } from '#src/warehouse/reading.ts'
import { asksOf } from './block-asks.ts'
import {
  type Block,
  type BlockOf,
  type Definition,
  type InputColumn,
  inputColumnsOf,
  type Parameter,
  type ParameterValue,
} from './definition.ts'
import { refsIn } from './fill-query.ts'
import { reportInvalid } from './problems.ts'
import { faultOf } from './resolve-parameters.ts'
import { namesIn } from './show-parameters.ts'

export interface CheckNeeds {
  readonly shelf: Shelf
  readonly clock: { now(): Date }
}

type Fault = { pointer: string; detail: string }
type Wrong = (pointer: string, detail: string) => void

/** A report as large as it may be must not be answered with a multiple of itself. */
const mostFaults = 200

/**
 * Refuses a definition that does not fit the models as they are now, or asks one that the caller may not read. All that is
 * wrong is told at once, each with a pointer to where it stands.
 */
export function checkDefinition(needs: CheckNeeds, caller: Caller, definition: Definition): void {
  const faults: Fault[] = []
  const wrong: Wrong = (pointer, detail) => {
    const place = `#/definition${pointer}`
    if (!faults.some((fault) => fault.pointer === place)) faults.push({ pointer: place, detail })
  }
  const { parameters, blocks } = definition
  refuseTwins(
    parameters.map(({ name }) => name),
    (i, name) => wrong(`/parameters/${i}/name`, `Another parameter is called ${name}.`),
  )
  refuseTwins(
    blocks.map(({ id }) => id),
    (i, id) => wrong(`/blocks/${i}/id`, `Another block is called ${id}.`),
  )
  const columns = inputColumnsOf(definition)
  refuseTwins(
    columns.map(({ column }) => column.id),
    (i, id) => {
      const { block, column } = columns[i]!
      wrong(
        `/blocks/${blocks.indexOf(block)}/inputs/${block.inputs.indexOf(column)}/id`,
        `Another data-input column of the report is called ${id}.`,
      )
    },
  )
  const check = { ...needs, caller, parameters, wrong }
  for (const [i, parameter] of parameters.entries()) checkParameter(check, parameter, `/parameters/${i}`)
  for (const [i, block] of blocks.entries()) checkBlock(check, block, `/blocks/${i}`)
  if (faults.length === 0) return
  throw reportInvalid({
    detail:
      faults.length === 1
        ? faults[0]!.detail
        : `${faults.length} things are wrong, the first of them: ${faults[0]!.detail}`,
    errors: faults.slice(0, mostFaults),
  })
}

interface Check extends CheckNeeds {
  readonly caller: Caller
  readonly parameters: readonly Parameter[]
  readonly wrong: Wrong
}

function refuseTwins(names: readonly string[], wrong: (i: number, name: string) => void): void {
  names.forEach((name, i) => {
    if (names.indexOf(name) < i) wrong(i, name)
  })
}

/** The model as it can be asked now; null when there is none that the caller may read, which has then been told. */
function catalogueOf({ shelf, caller, wrong }: Check, model: string, pointer: string): Catalogue | null {
  const written = shelf.catalogue(model)
  if (written && mayRead(written, caller, 'query')) {
    const reading = shelf.take(model)
    if (reading === null || reading === 'none_yet') return written
    reading.release()
    return reading.catalogue
  }
  const readable = shelf.models.flatMap((name) => {
    const one = shelf.catalogue(name)
    return one && mayRead(one, caller, 'query') ? [{ name }] : []
  })
  wrong(pointer, `${noSuch('model', model, readable)} Or you may not read it.`)
  return null
}

function checkParameter(check: Check, parameter: Parameter, at: string): void {
  const { caller, wrong } = check
  if (parameter.default !== undefined) {
    const fault = faultOf({ ...parameter, required: false }, parameter.default)
    if (fault !== null) wrong(`${at}/default`, fault)
  }
  if (
    parameter.type === 'number' &&
    parameter.min !== undefined &&
    parameter.max !== undefined &&
    parameter.max < parameter.min
  )
    wrong(`${at}/max`, 'The most is below the least.')
  if (parameter.type !== 'choice') return
  const catalogue = catalogueOf(check, parameter.model, `${at}/model`)
  if (!catalogue) return
  const dimension = findDimension(catalogue, parameter.dimension)
  if (!dimension || !mayUse(dimension, caller))
    wrong(`${at}/dimension`, noSuch('dimension', parameter.dimension, usableDimensions(catalogue, caller)))
}

function checkBlock(check: Check, block: Block, at: string): void {
  const { wrong, parameters } = check
  if (block.type === 'text') {
    const odd = namesIn(block.markdown).find((name) => !parameters.some((one) => one.name === name))
    if (odd !== undefined) wrong(`${at}/markdown`, noSuch('parameter', odd.slice(0, 80), parameters))
    return
  }
  checkRefs(check, block, `${at}/query`)
  const catalogue = catalogueOf(check, block.query.model, `${at}/query/model`)
  if (!catalogue) return
  const shown = askOf(block, parameters)
  checkAsk(check, catalogue, block, shown, at)
  if (block.type === 'number' && block.compare && (block.query.period === undefined || !catalogue.timed))
    wrong(`${at}/compare`, 'Only a number with a period can be compared with the one before.')
  if (block.type === 'chart') checkChart(block, at, wrong)
  const looks = block.type === 'table' ? block.columns : block.type === 'pivot' ? block.looks : []
  const inputs = block.type === 'table' ? block.inputs : []
  const named = [
    ...shown.metrics,
    ...(shown.dimensions ?? []),
    ...(shown.series ? ['period'] : []),
    ...inputs.map(({ id }) => id),
  ]
  const list = block.type === 'pivot' ? 'looks' : 'columns'
  refuseTwins(
    looks.map(({ name }) => name),
    (i, name) => wrong(`${at}/${list}/${i}/name`, `${name} is named twice.`),
  )
  looks.forEach(({ name, formats }, i) => {
    if (!named.includes(name))
      wrong(
        `${at}/${list}/${i}/name`,
        noSuch(
          'column',
          name,
          named.map((one) => ({ name: one })),
        ),
      )
    formats.forEach((format, k) => {
      if (!('when' in format)) return
      const pointer = `${at}/${list}/${i}/formats/${k}`
      if (format.when !== 'empty' && format.value === undefined) wrong(`${pointer}/value`, 'is missing')
      if (format.when === 'between' && format.value2 === undefined) wrong(`${pointer}/value2`, 'is missing')
    })
  })
  if (block.type !== 'table') return
  if (inputs.length > 0 && block.query.dimensions.length === 0)
    wrong(`${at}/inputs`, 'Data-input columns need rows: give the query dimensions.')
  if (
    inputs.length > 0 &&
    block.query.series &&
    (block.query.unit === 'auto' || block.query.dimensions.includes('period'))
  )
    wrong(`${at}/query/unit`, 'Values are to belong to the same periods for good: say of which unit they are.')
  inputs.forEach((column, i) => {
    if ([...shown.metrics, ...block.query.dimensions, 'period'].includes(column.id))
      wrong(`${at}/inputs/${i}/id`, `A column of the table is called ${column.id} already.`)
    checkInput(check, block, column, `${at}/inputs/${i}`)
  })
}

const samples: Readonly<Record<Parameter['type'], ParameterValue>> = {
  text: 'text',
  number: 1,
  date: '2026-01-01',
  period: 'last_30_days',
  choice: ['id'],
}

/** What the block asks when every parameter has a value. */
const askOf = (block: Exclude<Block, { type: 'text' }>, parameters: readonly Parameter[]): AskInput =>
  asksOf(block, new Map(parameters.map(({ name, type }) => [name, samples[type]]))).main

const fitting = {
  ids: ['choice', 'text', 'number'],
  labels: ['text'],
  number: ['number'],
  period: ['period', 'date'],
} as const satisfies Record<string, readonly Parameter['type'][]>

function checkRefs({ parameters, wrong }: Check, block: Exclude<Block, { type: 'text' }>, at: string): void {
  const query = block.query
  for (const { name, use, at: where } of refsIn(query)) {
    const parameter = parameters.find((one) => one.name === name)
    const types: readonly Parameter['type'][] = fitting[use]
    if (!parameter) wrong(`${at}${where}/parameter`, noSuch('parameter', name, parameters))
    else if (!types.includes(parameter.type))
      wrong(`${at}${where}/parameter`, `${name} is a ${parameter.type}; here stands a ${types.join(' or ')}.`)
  }
}

/** Has the warehouse match the question, and points at the block's own members for what it does not like. */
function checkAsk(
  { caller, clock, wrong }: Check,
  catalogue: Catalogue,
  block: Exclude<Block, { type: 'text' }>,
  input: AskInput,
  at: string,
): void {
  const ask = Ask.parse(input)
  const attempt = (match: () => unknown) => {
    try {
      match()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      for (const { pointer, detail } of error.details.errors ?? [{ pointer: '#', detail: error.message }])
        wrong(`${at}${placeIn(block, pointer.slice(1))}`, detail)
    }
  }
  attempt(() => matchAsk(catalogue, ask, caller, { days: null, now: clock.now() }))
  attempt(() => matchFilters(catalogue, caller, ask.filters))
}

/** A pivot's dimensions stand in two places of their own. */
function placeIn(block: Exclude<Block, { type: 'text' }>, pointer: string): string {
  const [, member, place] = /^\/(dimensions|series)(?:\/(\d+))?/.exec(pointer) ?? []
  if (block.type !== 'pivot' || member === undefined) return `/query${pointer}`
  if (member === 'series') return '/columns'
  if (place === undefined) return '/rows'
  return Number(place) < block.rows.length ? `/rows/${place}` : '/columns'
}

function checkChart({ chart, query }: BlockOf<'chart'>, at: string, wrong: Wrong): void {
  const { series, dimensions, metrics } = query
  if (chart === 'pie') {
    if (series || dimensions.length !== 1 || metrics.length !== 1)
      wrong(`${at}/query`, 'A pie shows one metric by one dimension.')
  } else if (!series && dimensions.length === 0)
    wrong(`${at}/query/dimensions`, 'A chart needs a dimension, or a series over periods.')
  if ((chart === 'line' || chart === 'area') && !series)
    wrong(`${at}/query/series`, 'A line runs through periods: ask for a series.')
}

function checkInput(check: Check, block: BlockOf<'table'>, column: InputColumn, at: string): void {
  const { wrong } = check
  if (
    (column.type === 'number' || column.type === 'date') &&
    column.min !== undefined &&
    column.max !== undefined &&
    column.max < column.min
  )
    wrong(`${at}/max`, 'The most is below the least.')
  if (column.type !== 'single_select' && column.type !== 'multi_select') return
  const { options } = column
  if ('values' in options) {
    refuseTwins(
      options.values.map(({ id }) => id),
      (i, id) => wrong(`${at}/options/values/${i}/id`, `Another option has the id ${id}.`),
    )
    return
  }
  const catalogue = catalogueOf(check, options.model, `${at}/options/model`)
  if (!catalogue) return
  const set = findOptionSet(catalogue, options.option_set)
  if (!set) wrong(`${at}/options/option_set`, noSuch('option set', options.option_set, catalogue.optionSets))
  if (options.filter_by === undefined) return
  if (!block.query.dimensions.includes(options.filter_by))
    wrong(
      `${at}/options/filter_by`,
      noSuch(
        'dimension of this table',
        options.filter_by,
        block.query.dimensions.map((name) => ({ name })),
      ),
    )
  else if (set && set.filterBy === null)
    wrong(`${at}/options/filter_by`, `The option set ${set.name} has no options for some rows only.`)
}
