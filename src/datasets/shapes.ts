import { z } from 'zod'
import { repositoryPermissions } from './words.ts'

/** Shapes that several contracts of the repository are made of. */

/** A number, or a persistent id percent-encoded. */
export const DatasetParam = z
  .string()
  .max(400)
  .regex(/^([1-9][0-9]{0,14}|[A-Za-z]{3,5}:[!-~]{1,300})$/)
  .meta({ description: 'A number or a persistent id, percent-encoded.', examples: ['42'] })
export const CollectionParam = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,60}$/)
  .meta({ description: 'An alias or a number.', examples: ['physics'] })
export const VersionParam = z
  .string()
  .regex(/^(draft|DRAFT|latest|latest-published|[0-9]{1,6}(\.[0-9]{1,6})?)$/)
  .meta({ description: '`draft`, `latest`, `latest-published` or a number.', examples: ['1.0'] })
export const IdParam = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/)
  .meta({ examples: ['7'] })

export const datasetParams = z.object({ dataset: DatasetParam })
export const collectionParams = z.object({ collection: CollectionParam })

export const Permission = z.enum(repositoryPermissions)
const Step = z.object({ id: z.int(), alias: z.string(), name: z.string(), published: z.boolean() })
export const Path = z.array(Step).meta({ description: 'The collections that it lies in, from the root down.' })
export const Rights = z.array(Permission).meta({ description: 'What you may do with it, as you are asking now.' })
