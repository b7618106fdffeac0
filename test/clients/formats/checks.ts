/**
 * The formats that a dataset is told in, read by the programs of those who made them: DataCite's schema, the validators of
 * Croissant and RO-Crate, and the schema of OAI-PMH.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, test } from 'node:test'
import type { Described } from '#src/datasets/formats/described.ts'
import { formats } from '#src/datasets/formats/formats.ts'
import { answerHarvester } from '#src/protocols/oai-pmh/answer-harvester.ts'
import { describedDataset } from '#test/described-dataset.ts'
import { pythonWithFormats, roCrateContext } from '../environments.ts'
import { report } from '../report.ts'

/** The least that can be published. */
const least: Described = {
  ...describedDataset,
  pid: 'perma:tessera/ABC123',
  pidUrl: 'https://data.example.org/datasets/perma:tessera/ABC123',
  metadata: {
    citation: {
      title: 'Bare',
      author: [{ authorName: 'Sandpiper Lab' }],
      dsDescription: [{ dsDescriptionValue: 'Little.' }],
      subject: ['Other'],
    },
  },
  files: [],
}

const told = {
  id: 1,
  pid: describedDataset.pid,
  at: describedDataset.updatedAt,
  deleted: false,
  sets: ['sandpiper-lab'],
}
const needs = {
  harvest: {
    list: async () => [told, { ...told, id: 2, deleted: true }],
    find: async () => told,
    sets: async () => [{ alias: 'sandpiper-lab', name: 'Sandpiper Lab', description: '' }],
    earliest: async () => describedDataset.createdAt,
    describe: async () => describedDataset,
  },
  title: 'Example Repository',
  siteAddress: describedDataset.siteAddress,
  adminAddress: 'portal@example.org',
}

describe('the formats, judged by those who made them', () => {
  test('they are valid', async (t) => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'tessera-formats-'))
    t.after(() => rm(directory, { recursive: true, force: true }))
    for (const [name, described] of Object.entries({ rich: describedDataset, least }))
      for (const format of formats) {
        const at = path.join(directory, name, format.name)
        await mkdir(at, { recursive: true })
        const file = format.name === 'ro-crate' ? 'ro-crate-metadata.json' : `it.${format.extension}`
        await writeFile(path.join(at, file), format.write(described))
      }
    const questions = {
      identify: { verb: 'Identify' },
      formats: { verb: 'ListMetadataFormats' },
      sets: { verb: 'ListSets' },
      headers: { verb: 'ListIdentifiers', metadataPrefix: 'oai_dc' },
      ...Object.fromEntries(
        formats.flatMap(({ harvested }) =>
          harvested
            ? [[`records-${harvested.prefix}`, { verb: 'ListRecords', metadataPrefix: harvested.prefix }] as const]
            : [],
        ),
      ),
      record: { verb: 'GetRecord', metadataPrefix: 'oai_dc', identifier: describedDataset.pid },
      refused: { verb: 'Steal' },
    }
    await mkdir(path.join(directory, 'oai'))
    for (const [name, question] of Object.entries(questions))
      await writeFile(
        path.join(directory, 'oai', `${name}.xml`),
        await answerHarvester(needs, question, new Date('2026-11-29T12:00:00Z')),
      )
    const { python, oaiSchema } = await pythonWithFormats()
    const program = path.join(import.meta.dirname, 'validate.py')
    await report(t, python, [program, directory, await roCrateContext(), oaiSchema], { HOME: directory })
  })
})
