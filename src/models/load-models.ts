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
    return { models, faults }
  } finally {
    reader.close()
  }
}
