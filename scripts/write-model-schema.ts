import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { modelFileSchema } from '#src/models/model-schema.ts'

/** Writes `docs/reference/model.schema.json` from the shape that model files are checked against. */
const file = path.resolve(import.meta.dirname, '../docs/reference/model.schema.json')
await writeFile(file, `${JSON.stringify(modelFileSchema(), null, 2)}\n`)
console.log(`wrote ${path.relative(process.cwd(), file)}`)
