import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type CompiledModel, compileModel } from './compile-model.ts'
import { openExpressionReader } from './expression.ts'
import { modelFilesInvalid } from './problems.ts'
import { type ModelFault, type ReadModel, readModel } from './read-model.ts'

export interface ModelDefaults {
  readonly timeZone: string
  /** What `{{ word }}` stands for in labels and descriptions. */
  readonly words?: Readonly<Record<string, string>>
  /** The names in [sources]; default: any will do. */
  readonly connections?: readonly string[]
}

/** Reads and compiles all model files of a directory (*.yml); what is wrong with any of them is told at once. */
export async function loadModels(directory: string, defaults: ModelDefaults): Promise<CompiledModel[]> {
  const { models, faults } = await checkModels(directory, defaults)
  if (faults.length > 0)
    throw modelFilesInvalid({
      detail: faults.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'),
      errors: faults.map(({ file, line, message }) => ({ pointer: `${file}:${line}`, detail: message })),
    })
  return models
}

export async function checkModels(
  directory: string,
  defaults: ModelDefaults,
): Promise<{ models: CompiledModel[]; faults: ModelFault[] }> {
  const names = (await readdir(directory).catch(() => null))?.filter((name) => /\.ya?ml$/.test(name)).sort()
  if (!names) {
    const message = 'the directory of model files cannot be read; set [models] directory'
    return { models: [], faults: [{ file: directory, line: 1, path: '', message }] }
  }
  const faults: ModelFault[] = []
  const models: CompiledModel[] = []
  const reader = await openExpressionReader()
  try {
    const seen = new Map<string, ReadModel>()
    for (const name of names) {
      const read = readModel(name, await readFile(path.join(directory, name), 'utf8'), defaults.words)
      if ('faults' in read) {
        faults.push(...read.faults)
        continue
      }
      const other = seen.get(read.model.content.name)
      if (other) faults.push(read.model.fault(['name'], `${read.model.content.name} is also the name in ${other.file}`))
      seen.set(read.model.content.name, read.model)
      const compiled = await compileModel(read.model, reader, defaults)
      if ('faults' in compiled) faults.push(...compiled.faults)
      else models.push(compiled.compiled)
    }
    for (const model of seen.values()) faults.push(...checkReferences(model, [...seen.values()], defaults))
    return { models, faults }
  } finally {
    reader.close()
  }
}

/** What a model file says of other models and of the settings. */
function checkReferences(
  { content, fault }: ReadModel,
  all: readonly ReadModel[],
  { connections }: ModelDefaults,
): ModelFault[] {
  const names = all.map((one) => one.content.name)
  const { refresh, tables } = content
  const faults: ModelFault[] = []
  const unknown = (name: string) => `there is no model ${name}; models are ${names.join(', ')}`
  tables.forEach((table, i) => {
    if ('model' in table && !names.includes(table.model))
      faults.push(fault(['tables', i, 'model'], unknown(table.model)))
    if ('connection' in table && connections && !connections.includes(table.connection)) {
      const known = connections.length === 0 ? 'there is none yet' : `there are ${connections.join(', ')}`
      faults.push(
        fault(['tables', i, 'connection'], `${table.connection} is no name in [sources] of the settings; ${known}`),
      )
    }
  })
  for (const name of refresh.after) if (!names.includes(name)) faults.push(fault(['refresh', 'after'], unknown(name)))
  const circle = circleFrom(content.name, all)
  if (circle)
    faults.push(
      fault(['refresh', 'after'], `models would be refreshed after each other for ever: ${circle.join(', ')}`),
    )
  return faults
}

/** The way from a model along `after` back to itself; null when there is none. */
function circleFrom(start: string, all: readonly ReadModel[], way: readonly string[] = []): string[] | null {
  const last = way.at(-1) ?? start
  for (const next of all.find((one) => one.content.name === last)?.content.refresh.after ?? []) {
    if (next === start && way.length > 0) return [start, ...way]
    if (next === start || way.includes(next)) continue
    const circle = circleFrom(start, all, [...way, next])
    if (circle) return circle
  }
  return null
}
