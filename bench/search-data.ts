import { sql } from 'kysely'
import type { Database } from '#src/database/change.ts'

/** The same sequence for the same seed, so that two runs are over the same data. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const subjects = [
  'Agricultural Sciences',
  'Arts and Humanities',
  'Astronomy and Astrophysics',
  'Business and Management',
  'Chemistry',
  'Computer and Information Science',
  'Earth and Environmental Sciences',
  'Engineering',
  'Law',
  'Mathematical Sciences',
  'Medicine, Health and Life Sciences',
  'Physics',
  'Social Sciences',
  'Other',
]

const syllables = 'ka to mi ra ne lo su ve di po ha gu shi ber tan mor el win cas dor'.split(' ')
/** Words of a language that nobody speaks; the first are as frequent as `the` and `data` are in ours. */
export const vocabulary = Array.from({ length: 40_000 }, (_, n) => {
  let rest = n + syllables.length
  let word = ''
  for (; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length]
  return word
})

/** A place in a list, the first far more often than the last: the k-th comes up about 1/k as often as the first. */
const zipf = (random: () => number, length: number): number => Math.floor(length ** random()) % length

interface Filled {
  readonly datasets: number
  readonly collections: number
}

/** Published datasets with one or two files each, in collections three levels deep. */
export async function fillRepository(db: Database, { datasets, collections }: Filled): Promise<void> {
  const random = randomOf(20_261_129)
  const pick = (list: readonly string[]) => list[zipf(random, list.length)]!
  const sentence = (least: number, most: number) =>
    Array.from({ length: least + Math.floor(random() * (most - least)) }, () => pick(vocabulary)).join(' ')
  const name = () => {
    const n = zipf(random, 60_000)
    return `${vocabulary[(n * 7) % 40_000]}, ${vocabulary[(n * 13) % 40_000]}`
  }
  const day = () => new Date(Date.UTC(2012, 0, 1) + random() * 14 * 365.25 * 86_400_000).toISOString()

  const tree = Array.from({ length: collections }, (_, n) => {
    const parent = n < 20 ? 1 : 2 + Math.floor(random() * Math.min(n, 120))
    return {
      id: n + 2,
      parent_id: parent,
      alias: `c${n}`,
      name: sentence(2, 5),
      description: sentence(10, 30),
      at: day(),
    }
  })
  await sql`
    insert into collections (id, parent_id, alias, name, description, path, created_at, updated_at, published_at)
    select id, parent_id, alias, name, description, '{1}', at, at, at
    from jsonb_to_recordset(${JSON.stringify(tree)}::jsonb)
      as t (id bigint, parent_id bigint, alias text, name text, description text, at timestamptz)`.execute(db)
  await sql`
    with recursive below (id, path) as (
      select id, array[id] from collections where parent_id is null
      union all select c.id, b.path || c.id from collections c join below b on c.parent_id = b.id)
    update collections c set path = b.path from below b where b.id = c.id`.execute(db)

  const first = 1_000_000
  for (let from = 0; from < datasets; from += 2000) {
    const rows = Array.from({ length: Math.min(2000, datasets - from) }, (_, n) => {
      const title = sentence(5, 14)
      const citation = {
        title,
        author: Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
          authorName: name(),
          authorAffiliation: pick(vocabulary.slice(0, 400)),
        })),
        datasetContact: [{ datasetContactName: name(), datasetContactEmail: 'contact@example.org' }],
        dsDescription: [{ dsDescriptionValue: sentence(40, 140) }],
        subject: [...new Set([pick(subjects), ...(random() < 0.3 ? [pick(subjects)] : [])])],
        keyword: Array.from({ length: Math.floor(random() * 7) }, () => ({ keywordValue: sentence(1, 3) })),
        dateOfDeposit: day().slice(0, 10),
      }
      const id = first + (from + n) * 4
      return {
        id,
        identifier: `B${(from + n).toString(36).toUpperCase()}`,
        collection_id: 1 + zipf(random, collections),
        title,
        metadata: { citation },
        license_id: random() < 0.6 ? 1 : 2,
        at: day(),
        files: Array.from({ length: random() < 0.5 ? 1 : 2 }, (__, f) => ({
          id: id + 1 + f,
          label: `${pick(vocabulary)}_${pick(vocabulary)}.${['csv', 'txt', 'pdf', 'zip'][Math.floor(random() * 4)]}`,
          media_type: ['text/csv', 'text/plain', 'application/pdf', 'application/zip'][Math.floor(random() * 4)],
          description: random() < 0.3 ? sentence(3, 12) : '',
          restricted: random() < 0.1,
        })),
      }
    })
    const given = JSON.stringify(rows)
    await sql`
      with given as materialized (
        select * from jsonb_to_recordset(${given}::jsonb) as t (id bigint, identifier text, collection_id bigint,
          title text, metadata jsonb, license_id int, at timestamptz, files jsonb)),
      d as (
        insert into datasets (id, collection_id, protocol, authority, identifier, created_at, updated_at, published_at)
        select id, collection_id, 'perma', 'tessera', identifier, at, at, at from given),
      v as (
        insert into dataset_versions (dataset_id, state, major, minor, title, metadata, license_id, created_at,
          updated_at, released_at)
        select id, 'released', 1, 0, title, metadata, license_id, at, at, at from given returning id, dataset_id),
      f as (
        insert into dataset_files (id, dataset_id, sha256, md5, bytes, media_type, original_name, created_at, published_at)
        select (file ->> 'id')::bigint, given.id, md5(file ->> 'id') || md5('b' || (file ->> 'id')), md5(file ->> 'id'),
          1000, file ->> 'media_type', file ->> 'label', at, at
        from given, jsonb_array_elements(files) file)
      insert into version_files (version_id, file_id, label, description, restricted)
      select v.id, (file ->> 'id')::bigint, (nr || '_' || (file ->> 'label')), file ->> 'description',
        (file ->> 'restricted')::boolean
      from given join v on v.dataset_id = given.id,
        jsonb_array_elements(files) with ordinality as files (file, nr)`.execute(db)
  }
}
