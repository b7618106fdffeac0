import type { Model } from '#portal/warehouse/question.ts'
import type { Block, BlockOf, BlockType, Definition, InputColumn, InputType, Parameter } from './definition.ts'

/** What changes a definition while it is edited: each returns another one, and leaves what was given as it was. */

/** A name like one that is there, that nothing has yet: `table`, `table_2`, … Letters, digits and `_` only, as names must be. */
export function freeName(wish: string, taken: readonly string[]): string {
  const plain = wish
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 50)
    .replace(/_+$/, '')
  const stem = plain === '' ? 'item' : plain
  if (!taken.includes(stem)) return stem
  for (let count = 2; ; count++) if (!taken.includes(`${stem}_${count}`)) return `${stem}_${count}`
}

const idsOf = ({ blocks }: Definition): string[] => blocks.map(({ id }) => id)
export const inputIdsOf = ({ blocks }: Definition): string[] =>
  blocks.flatMap((block) => (block.type === 'table' ? block.inputs.map(({ id }) => id) : []))

/** Puts a block where there is none yet, at a place from the top; by default last. */
export function addBlock(definition: Definition, block: Block, at = definition.blocks.length): Definition {
  const placed = { ...block, id: freeName(block.id, idsOf(definition)) }
  return { ...definition, blocks: definition.blocks.toSpliced(at, 0, placed) }
}

/** Moves a block so many places on; beyond the ends it stays at the end. */
export function moveBlock(definition: Definition, id: string, by: number): Definition {
  const from = definition.blocks.findIndex((block) => block.id === id)
  const block = definition.blocks[from]
  if (!block) return definition
  const to = Math.min(Math.max(from + by, 0), definition.blocks.length - 1)
  return { ...definition, blocks: definition.blocks.toSpliced(from, 1).toSpliced(to, 0, block) }
}

/** The same block once more behind itself. Values belong to an input column's id, so the copy's columns have ids of their own. */
export function duplicateBlock(definition: Definition, id: string): Definition {
  const at = definition.blocks.findIndex((block) => block.id === id)
  const block = definition.blocks[at]
  if (!block) return definition
  const taken = inputIdsOf(definition)
  const copy =
    block.type === 'table'
      ? {
          ...block,
          inputs: block.inputs.map((input) => {
            const own = freeName(input.id, taken)
            taken.push(own)
            return { ...input, id: own }
          }),
          columns: block.columns.filter(({ name }) => !block.inputs.some((input) => input.id === name)),
        }
      : block
  return addBlock(definition, copy, at + 1)
}

export const removeBlock = (definition: Definition, id: string): Definition => ({
  ...definition,
  blocks: definition.blocks.filter((block) => block.id !== id),
})

export const changeBlock = (definition: Definition, changed: Block): Definition => ({
  ...definition,
  blocks: definition.blocks.map((block) => (block.id === changed.id ? changed : block)),
})

/** A block of a type with which there is something to see at once: the model's first metric, by its first dimension. */
export function newBlock<T extends BlockType>(type: T, model: Model, metricWanted?: string): BlockOf<T>
export function newBlock(type: BlockType, model: Model, metricWanted?: string): Block {
  const metric = model.metrics.find(({ name }) => name === metricWanted) ?? model.metrics[0]
  const [dimension, other] = model.dimensions
  const metrics = metric ? [metric.name] : []
  const title = metric?.label ?? model.label
  const scope = { model: model.name, filters: [] }
  const rest = { unit: 'auto' as const, series: false, others: false, totals: false, order: [] }
  const dimensions = dimension ? [dimension.name] : []
  const by = dimension ? ` by ${dimension.label}` : ''
  switch (type) {
    case 'text':
      return { type, id: 'text', markdown: '' }
    case 'number':
      return { type, id: 'number', title, query: { ...scope, metrics, unit: 'auto' } }
    case 'table': {
      const query = { ...scope, ...rest, metrics, dimensions, totals: true }
      return { type, id: 'table', title: `${title}${by}`, query, columns: [], inputs: [] }
    }
    case 'pivot':
      return {
        type,
        id: 'pivot',
        title: `${title}${by}`,
        query: { ...scope, metrics, unit: 'auto', totals: false },
        rows: dimensions,
        columns: model.timed ? 'period' : (other?.name ?? dimension?.name ?? ''),
        looks: [],
      }
    case 'chart':
      return model.timed
        ? {
            type,
            id: 'chart',
            title,
            chart: 'line',
            query: { ...scope, ...rest, metrics, dimensions: [], series: true },
          }
        : { type, id: 'chart', title: `${title}${by}`, chart: 'bar', query: { ...scope, ...rest, metrics, dimensions } }
  }
}

/** A column to be filled in, of a type; its id is made of its label, once and for good. */
export function newInput(type: InputType, label: string, taken: readonly string[]): InputColumn {
  const facts = { id: freeName(label, taken), label, required: false, entry: 'member' as const }
  switch (type) {
    case 'text':
      return { type, ...facts, max_length: 1000 }
    case 'single_select':
      return { type, ...facts, options: { values: firstOptions } }
    case 'multi_select':
      return { type, ...facts, options: { values: firstOptions }, most: 100 }
    default:
      return { type, ...facts }
  }
}

const firstOptions = [
  { id: 'yes', label: 'Yes' },
  { id: 'no', label: 'No' },
]

export function newParameter(
  type: Parameter['type'],
  label: string,
  model: Model,
  taken: readonly string[],
): Parameter {
  const facts = { name: freeName(label, taken), label, required: false }
  if (type !== 'choice') return { type, ...facts }
  return { type, ...facts, model: model.name, dimension: model.dimensions[0]?.name ?? '', multiple: true }
}

/** A list with one of its items moved so many places on. */
export function moved<T>(items: readonly T[], from: number, by: number): T[] {
  const to = Math.min(Math.max(from + by, 0), items.length - 1)
  const item = items[from]
  return item === undefined ? [...items] : items.toSpliced(from, 1).toSpliced(to, 0, item)
}

/** Options as one writes them, a line each: the label, or `id = label` where the id is to differ. */
export function readOptions<O extends { readonly id: string; readonly label: string }>(
  text: string,
  before: readonly O[],
): ({ id: string; label: string } | O)[] {
  const taken: string[] = []
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, id, named] = /^(\S+)\s*=\s*(.+)$/.exec(line) ?? []
      const label = named ?? line
      const known = before.find((option) => (id === undefined ? option.label === label : option.id === id))
      const own = id ?? known?.id ?? freeName(label, taken)
      taken.push(own)
      return known ? { ...known, id: own, label } : { id: own, label }
    })
}

export const writeOptions = (options: readonly { readonly id: string; readonly label: string }[]): string =>
  options.map(({ id, label }) => (freeName(label, []) === id ? label : `${id} = ${label}`)).join('\n')
