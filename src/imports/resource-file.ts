import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { unreadableImport } from './problems.ts'
import { isUnprintable } from './unprintable.ts'

const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((value) => !isUnprintable(value), 'holds unprintable characters')
const day = z.iso.date('must be a day such as 2026-01-31')
const amount = z.int().min(0).max(2_000_000_000)

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

const isPattern = (source: string): boolean => {
  try {
    return new RegExp(source) !== null
  } catch {
    return false
  }
}

const Specification = z
  .strictObject({
    valid_from: day,
    valid_to: day.nullable().default(null),
    nodes: amount,
    cores: amount,
    gpus: amount.default(0),
    share_percent: z.number().min(0).max(100).default(100),
  })
  .refine((spec) => spec.valid_to === null || spec.valid_from <= spec.valid_to, 'valid_to lies before valid_from')

const specifications = z
  .array(Specification)
  .min(1)
  .refine(
    (specs) =>
      specs
        .toSorted((a, b) => (a.valid_from < b.valid_from ? -1 : 1))
        .every((spec, at, sorted) => at === 0 || (sorted[at - 1]?.valid_to ?? '9999') < spec.valid_from),
    'two specifications are valid on the same day; give the earlier one a valid_to',
  )

export const ResourceFile = z.strictObject({
  organizations: z.array(z.strictObject({ abbreviation: text(100), name: text(300) })).default([]),
  resources: z
    .array(
      z.strictObject({
        code: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'use letters, digits, dots, dashes and underscores'),
        name: text(200),
        type: text(200).default('High-performance computing'),
        allocation_type: text(100).default('CPU Allocated'),
        organization: text(100),
        time_zone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Zurich').default('UTC'),
        pi_column: z.enum(['group', 'account']).default('group'),
        host_filter: z.string().max(1000).refine(isPattern, 'must be a regular expression').nullable().default(null),
        specifications,
      }),
    )
    .default([]),
})

export type ResourceFile = z.output<typeof ResourceFile>

/** Reads a resources file (YAML); every mistake is told at once, with its line. */
export async function readResourceFile(file: string): Promise<ResourceFile> {
  const source = await readFile(file, 'utf8').catch((error: Error) => {
    throw unreadableImport({ detail: `${file} cannot be read: ${error.message}`, cause: error })
  })
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines })
  const fault = document.errors[0]
  if (fault) {
    throw unreadableImport({
      detail: `${file}:${lines.linePos(fault.pos[0]).line}: ${fault.message.split('\n', 1)[0]}`,
    })
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: readonly number[] } | undefined
      if (node?.range?.[0] !== undefined) return lines.linePos(node.range[0]).line
    }
    return 1
  }
  const read = ResourceFile.safeParse(document.toJS() ?? {})
  if (read.success) return read.data
  const errors = read.error.issues.map(({ path, message }) => ({
    pointer: `#/${path.map(String).join('/')}`,
    detail: `${file}:${lineOf(path)}: ${path.map(String).join('.')}: ${message}`,
  }))
  throw unreadableImport({ detail: errors.map(({ detail }) => detail).join('\n'), errors })
}
