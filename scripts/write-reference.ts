/** `npm run docs`: writes the generated pages of docs/reference/. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { referencePages } from './reference.ts'

const directory = new URL('../docs/reference/', import.meta.url)
mkdirSync(directory, { recursive: true })
for (const [name, text] of await referencePages()) writeFileSync(new URL(name, directory), text)
