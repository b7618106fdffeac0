import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { ModelFile } from './model-file.ts'

/** Something wrong with a model file: where, what, and what to write instead. */
export interface ModelFault {
  readonly file: string
  readonly line: number
  readonly path: string
  readonly message: string
}

export type Path = readonly (string | number)[]

/** A model file as written, and where in it each thing stands. */
export interface ReadModel {
  readonly file: string
  readonly content: ModelFile
  fault(path: Path, message: string): ModelFault
}

/**
 * Reads one model file; all that is wrong with its shape is told at once. `{{ word }}` in what people read (labels and
 * descriptions) stands for one of `words`, so that a model that ships can use the names of the house it serves.
 */
export function readModel(
  file: string,
  text: string,
  words: Readonly<Record<string, string>> = {},
): { model: ReadModel } | { faults: ModelFault[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const at = (offset: number | undefined): number => (offset === undefined ? 1 : lines.linePos(offset).line)

  /** The line of the thing at a path, or of the nearest thing around it that exists. */
  function lineOf(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const parent = document.getIn(path.slice(0, length - 1), true)
      const last = path[length - 1]
      if (isMap(parent)) {
        const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last)
        if (pair && isScalar(pair.key)) return at(pair.key.range?.[0])
      } else {
        const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
        if (node?.range) return at(node.range[0])
      }
    }
    return 1
  }
  const fault = (path: Path, message: string): ModelFault => ({
    file,
    line: lineOf(path),
    path: path.join('.'),
    message,
  })

  if (document.errors.length > 0)
    return {
      faults: document.errors.map((error) => ({
        file,
        line: at(error.pos[0]),
        path: '',
        message: error.message.split('\n')[0]!,
      })),
    }
  const parsed = ModelFile.safeParse(document.toJS())
  if (!parsed.success)
    return { faults: parsed.error.issues.flatMap((issue) => describe(issue, [], document.toJS(), fault)) }
  const unknown: ModelFault[] = []
  const content = fillIn(parsed.data, [], (path, word) => {
    if (Object.hasOwn(words, word)) return words[word] as string
    unknown.push(
      fault(path, `{{ ${word} }} is not known; there are ${Object.keys(words).join(', ') || 'no such words'}`),
    )
    return word
  })
  return unknown.length > 0 ? { faults: unknown } : { model: { file, content, fault } }
}

const readByPeople = new Set<string | number>(['label', 'description', 'unknown'])

/** A copy in which every `{{ word }}` that people read is replaced. */
function fillIn<T>(value: T, path: Path, replace: (path: Path, word: string) => string): T {
  if (typeof value === 'string')
    return (
      readByPeople.has(path.at(-1) ?? '')
        ? value.replace(/\{\{\s*([a-z_]+)\s*\}\}/g, (_, word: string) => replace(path, word))
        : value
    ) as T
  if (Array.isArray(value)) return value.map((item, i) => fillIn(item, [...path, i], replace)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, fillIn(member, [...path, key], replace)]),
  ) as T
}

type Issue = z.core.$ZodIssue

/** Zod's issue in words that name the remedy; of a choice of shapes, the one that was most likely meant. */
function describe(
  issue: Issue,
  before: Path,
  root: unknown,
  fault: (path: Path, message: string) => ModelFault,
): ModelFault[] {
  const path = [...before, ...(issue.path as (string | number)[])]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => fault([...path, key], `${key} is not known here; remove it or correct its spelling`))
  if (issue.code === 'invalid_union') {
    const branches = [...issue.errors].sort((a, b) => wrongness(a) - wrongness(b))
    return (branches[0] ?? []).flatMap((inner) => describe(inner, path, root, fault))
  }
  const missing = issue.code === 'invalid_type' && valueAt(root, path) === undefined
  const name = path.at(-1)
  return [fault(path, missing ? `${String(name)} is missing; add it` : `${String(name)}: ${issue.message}`)]
}

/** An unknown key speaks against a branch more than a missing one does. */
const wrongness = (issues: readonly Issue[]): number =>
  issues.reduce(
    (sum, issue) =>
      sum + (issue.code === 'unrecognized_keys' ? issue.keys.length * 2 : issue.path.length > 1 ? 1 : 1.5),
    0,
  )

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined | null)?.[key], root)
