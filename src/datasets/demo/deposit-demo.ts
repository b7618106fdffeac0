import { Readable } from 'node:stream'
import { actor, type Caller } from '#src/access/caller.ts'
import { createCollection, publishCollection } from '../collections/change-collection.ts'
import { createDataset } from '../create-dataset.ts'
import { addFiles } from '../files/add-files.ts'
import type { FileNeeds } from '../files/needs.ts'
import { takeContent } from '../files/take-content.ts'
import type { DatasetNeeds } from '../needs.ts'
import { publishDataset } from '../publish-dataset.ts'
import { temperatures } from './temperatures.ts'

const readme = `# Temperatures of a made-up machine room

Everything here was made up by a formula, for people who look around.

* \`temperatures.csv\`: one row for each rack and hour of thirty days.
* \`inlet_celsius\`: the air in front of the rack; it follows the day, and the load.
* \`fans_rpm\`: what the fans made of it.
`

/** Publishes a small dataset with a table in it, all in one change. Its persistent id. */
export async function depositDemo(
  { needs, files }: { readonly needs: DatasetNeeds; readonly files: FileNeeds },
  caller: Caller,
): Promise<string> {
  const table = await takeContent(files, Readable.from([Buffer.from(temperatures())]), { name: 'temperatures.csv' })
  const text = await takeContent(files, Readable.from([Buffer.from(readme)]), { name: 'README.md' })
  try {
    return await files.changer(actor(caller), async (change) => {
      const { alias } = await createCollection(needs, change, 'root', {
        alias: 'machine-room',
        name: 'Machine room of a made-up centre',
        description: 'What the sensors of a cluster that does not exist have measured.',
        affiliation: 'Made-up Centre',
        contacts: [{ email: 'machine-room@example.org' }],
      })
      await publishCollection(needs, change, alias)
      const { id, pid } = await createDataset(needs, change, alias, {
        metadata: {
          citation: {
            title: 'Temperatures of a made-up machine room',
            author: [{ authorName: 'Ember, Anna', authorAffiliation: 'Made-up Centre' }],
            datasetContact: [{ datasetContactName: 'Machine room', datasetContactEmail: 'machine-room@example.org' }],
            dsDescription: [
              {
                dsDescriptionValue:
                  'Inlet temperatures, humidity and fan speeds of twelve racks, hour by hour over thirty days. Made up by a formula.',
              },
            ],
            subject: ['Computer and Information Science', 'Engineering'],
            keyword: [{ keywordValue: 'temperature' }, { keywordValue: 'cooling' }],
            kindOfData: ['simulated measurements'],
          },
        },
      })
      await addFiles(files, change, id, [
        {
          name: 'temperatures.csv',
          content: table,
          mediaType: 'text/csv',
          description: 'One row for each rack and hour',
          categories: ['Data'],
          pointer: '#',
        },
        { name: 'README.md', content: text, mediaType: 'text/markdown', categories: ['Documentation'], pointer: '#' },
      ])
      await publishDataset(needs, change, id, 'major')
      return pid
    })
  } finally {
    await table.discard()
    await text.discard()
  }
}
