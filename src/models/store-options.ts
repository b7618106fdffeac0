import type { DuckDBConnection } from '@duckdb/node-api'
import { optionsTable } from '#src/warehouse/catalogue.ts'
import { quoted } from './build-plan.ts'
import { BuildRefused } from './build-refused.ts'
import type { RecipeOptionSet } from './recipe.ts'

/** More than people can choose from, and than an open report should have to hold. */
export const mostOptions = 100_000
export const longestOption = 500

/**
 * Stores the options of a set. Choices point to ids, so whatever makes an id unclear refuses the refresh: none, nulls, the
 * same twice. So does what no menu can show.
 */
export async function storeOptions(
  connection: DuckDBConnection,
  set: RecipeOptionSet,
  columns: Readonly<Record<string, string>>,
): Promise<void> {
  const refuse = (why: string): never => {
    throw new BuildRefused(`The option set ${set.name} ${why}`)
  }
  for (const column of [set.id, set.label, ...(set.filterBy === null ? [] : [set.filterBy])])
    if (!Object.hasOwn(columns, column))
      refuse(`reads ${column}, which ${set.table} does not have; it has ${Object.keys(columns).join(', ')}.`)
  const first = async (sql: string) => (await connection.runAndReadAll(`${sql} limit 1`)).getRows()[0]

  const table = quoted(optionsTable(set.name))
  const id = `cast(t.${quoted(set.id)} as varchar)`
  const label = `coalesce(nullif(trim(cast(t.${quoted(set.label)} as varchar)), ''), ${id})`
  const onlyFor = set.filterBy === null ? 'cast(null as varchar)' : `cast(t.${quoted(set.filterBy)} as varchar)`
  // First, as nothing need be sorted for it.
  const options = Number((await first(`select count(distinct coalesce(${id}, '')) from ${quoted(set.table)} t`))?.[0])
  if (options === 0 && !set.mayBeEmpty) refuse('is empty; write may_be_empty: true where that is right.')
  if (options > mostOptions) refuse(`has ${options} options; there may be ${mostOptions}.`)
  const order = { label: 'lower(label), label, id', id: 'sort_id', source: '' }[set.order]
  await connection.run(
    `create table ${table} as
     select cast(row_number() over (${order === '' ? '' : `order by ${order}, only_for`}) as integer) as place, id, label, only_for
     from (select ${id} as id, t.${quoted(set.id)} as sort_id, ${label} as label, nullif(${onlyFor}, '') as only_for
       from ${quoted(set.table)} t)`,
  )
  if (await first(`select 1 from ${table} where id is null or trim(id) = ''`))
    refuse(`has rows without an id: ${set.id} of ${set.table} is null or blank there.`)
  const long = await first(
    `select left(id, 60) from ${table} where length(id) > ${longestOption} or length(label) > ${longestOption} or length(only_for) > ${longestOption}`,
  )
  if (long) refuse(`has an option longer than ${longestOption} characters, which begins with ${long[0]}.`)
  const twice = await first(`select id from ${table} group by id, only_for having count(*) > 1 order by 1`)
  if (twice)
    refuse(
      set.filterBy === null
        ? `has the id ${twice[0]} twice; each may occur once.`
        : `has the id ${twice[0]} twice with the same ${set.filterBy}; each may occur once.`,
    )
  const unclear = await first(`select id from ${table} group by id having count(distinct label) > 1 order by 1`)
  if (unclear) refuse(`has several labels for the id ${unclear[0]}; give it one.`)
}
