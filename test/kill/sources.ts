import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sacctLine } from '#test/imports.ts'

/**
 * Models over one small CSV file each. Several, since a refresh whose worker was killed waits half a minute for another;
 * the command line has its own, so that each side writes generations of its own models.
 */
export const modelsOverHttp = ['numbers_a', 'numbers_b', 'numbers_c', 'numbers_d'] as const
export const modelsOfCommands = ['numbers_e', 'numbers_f'] as const
export const numberModels = [...modelsOverHttp, ...modelsOfCommands]
/** The model over what was imported. */
export const logModel = 'logged'
export const jobsPerLog = 200

const numbersYaml = (name: string): string => `
version: 1
name: ${name}
label: ${name}
description: Rows that all say in which generation they were written.
facts: numbers
tables:
  - { name: numbers, files: ${name}.csv }
dimensions:
  - { name: part, label: Part, description: Rows dealt out in turn., type: integer, expr: part }
metrics:
  - { name: rows, label: Rows, description: How many., agg: count }
  - { name: least, label: Least, description: Least generation., agg: min, expr: generation }
  - { name: most, label: Most, description: Greatest generation., agg: max, expr: generation }
  - { name: total, label: Total, description: Sum of the values., agg: sum, expr: value }
access: { query: public, raw: public }
`

const loggedYaml = `
version: 1
name: ${logModel}
label: Logged
description: Imported jobs by the log that brought them.
facts: jobs
tables:
  - { name: slurm_jobs, import: slurm_jobs }
  - { name: jobs, sql: 'select *, job_id // 1000 as log from slurm_jobs', unique: [[job_number]] }
dimensions:
  - { name: log, label: Log, description: Number of the log., type: integer, expr: log }
metrics:
  - { name: rows, label: Jobs, description: How many., agg: count }
  - { name: different, label: Different jobs, description: How many ids., agg: count_distinct, expr: job_id }
access: { query: public, raw: public }
`

export async function writeModels(directory: string): Promise<void> {
  for (const name of numberModels) {
    await writeGeneration(directory, name, 1)
    await writeFile(path.join(directory, `${name}.yml`), numbersYaml(name))
  }
  await writeFile(path.join(directory, `${logModel}.yml`), loggedYaml)
}

/** What a model answers about a generation; a mixture of two answers otherwise. */
export const rowsOf = (generation: number): number => 500 + generation
export const totalOf = (generation: number): number => rowsOf(generation) * generation

export const parts = 5
/** How many of the rows of a generation fall to a part. */
export const rowsOfPart = (generation: number, part: number): number => Math.ceil((rowsOf(generation) - part) / parts)

/** Replaces a model's source as a whole, so that a refresh reads one generation or the other. */
export async function writeGeneration(directory: string, model: string, generation: number): Promise<void> {
  const file = path.join(directory, `${model}.csv`)
  const rows = Array.from({ length: rowsOf(generation) }, (_, i) => `${generation},${generation},${i % parts}\n`)
  await writeFile(`${file}.new`, `generation,value,part\n${rows.join('')}`)
  await rename(`${file}.new`, file)
}

/** A log whose jobs tell by their ids which log they came with. */
export async function writeLog(directory: string, log: number): Promise<string> {
  const file = path.join(directory, `${log}.log`)
  const line = (_: unknown, i: number) => sacctLine({ jobid: String(log * 1000 + i), jobidraw: String(log * 1000 + i) })
  await writeFile(file, `${Array.from({ length: jobsPerLog }, line).join('\n')}\n`)
  return file
}
