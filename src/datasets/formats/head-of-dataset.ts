import { type DescribeNeeds, describePublic } from './describe-version.ts'
import { abstract, title } from './described.ts'
import { schemaOrg } from './schema-org.ts'
import { linkHeader } from './signposting.ts'

/** Of more, a page that is asked for often does not tell. */
const mostFiles = 200

/** What the page of a published dataset says to search engines and other machines; null where there is nothing to say. */
export async function headOfDataset(needs: DescribeNeeds, ref: string) {
  const described = await describePublic(needs, ref, mostFiles)
  if (!described) return null
  const text = abstract(described).replaceAll(/\s+/g, ' ')
  return {
    title: `${title(described)} · ${described.publisher}`,
    description: text.length <= 300 ? text : `${text.slice(0, 299)}…`,
    canonical: described.landingPage,
    data: schemaOrg(described),
    link: linkHeader(described),
  }
}
