import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { referencePages } from '#scripts/reference.ts'

const root = path.resolve(import.meta.dirname, '..')

test('the reference says what the code declares', async () => {
  for (const [name, text] of await referencePages()) {
    const written = readFileSync(path.join(root, 'docs/reference', name), 'utf8')
    assert.equal(written, text, `docs/reference/${name} is out of date: run \`npm run docs\``)
  }
})

test('links between the pages lead somewhere', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })]
  for (const page of pages) {
    const text = readFileSync(path.join(root, page), 'utf8')
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      const file = path.join(root, path.dirname(page), target)
      assert.ok(globSync(file).length > 0, `${page} links to ${target}, which is not there`)
    }
  }
})
