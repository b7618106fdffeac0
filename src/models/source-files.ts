import { existsSync } from 'node:fs'
import { glob, realpath, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { BuildRefused } from './build-refused.ts'

export interface SourceRoots {
  /** Where the model files are; plain paths start here. */
  readonly models: string
  /** Where operators put data (`data:…`). */
  readonly data: string
}

export interface SourceFile {
  readonly path: string
  readonly bytes: number
  readonly modifiedAt: string
}

/**
 * The files that a model's patterns name, in order of their names. Nothing outside the models directory, the data
 * directory and the npm package named can be reached, by `..` or by a link.
 */
export async function findSourceFiles(patterns: readonly string[], roots: SourceRoots): Promise<SourceFile[]> {
  const found: SourceFile[] = []
  for (const pattern of patterns) {
    const { root, below } = placeOf(pattern, roots)
    const real = await realpath(root).catch(() => {
      throw new BuildRefused(`${pattern}: the directory it starts from does not exist.`)
    })
    const matches: string[] = []
    for await (const match of glob(below, { cwd: real })) matches.push(path.resolve(real, match))
    if (matches.length === 0) throw new BuildRefused(`${pattern}: there is no such file.`)
    for (const match of matches.sort()) {
      const file = await realpath(match)
      if (!file.startsWith(real + path.sep))
        throw new BuildRefused(`${pattern}: ${path.basename(match)} lies outside of where files may be read.`)
      const facts = await stat(file)
      if (facts.isFile()) found.push({ path: file, bytes: facts.size, modifiedAt: facts.mtime.toISOString() })
    }
  }
  return found
}

function placeOf(pattern: string, roots: SourceRoots): { root: string; below: string } {
  if (pattern.startsWith('data:')) return { root: roots.data, below: pattern.slice('data:'.length) }
  if (!pattern.startsWith('package:')) return { root: roots.models, below: pattern }
  const [, name = '', below = ''] = /^package:((?:@[\w.-]+\/)?[\w.-]+)\/(.+)$/.exec(pattern) ?? []
  const require = createRequire(pathToFileURL(path.join(roots.models, 'model.yml')))
  // A package may export nothing but its code; where it lies is found by looking along the same paths that Node does.
  for (const directory of require.resolve.paths(name) ?? [])
    if (name !== '' && existsSync(path.join(directory, name))) return { root: path.join(directory, name), below }
  throw new BuildRefused(`${pattern}: the package is not installed; write package:NAME/PATH.`)
}
