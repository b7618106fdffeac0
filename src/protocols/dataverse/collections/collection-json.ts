import type { CollectionView } from '#src/datasets/collections/collection-view.ts'
import type { Owner } from '../owners-json.ts'
import { writeTime } from '../times.ts'

/** A collection as Dataverse tells of it. What it does not have is left out. */
export function collectionJson(
  collection: CollectionView['collection'],
  { owners, childCount }: { owners?: Owner | undefined; childCount?: number | undefined } = {},
) {
  const { id, alias, name, affiliation, description, parent_id, input_levels, published_at } = collection
  return {
    id,
    alias,
    name,
    ...(affiliation !== null && { affiliation }),
    dataverseContacts: collection.contacts.map(({ email: contactEmail }, displayOrder) => ({
      displayOrder,
      contactEmail,
    })),
    permissionRoot: true,
    ...(description !== '' && { description }),
    dataverseType: collection.type,
    isMetadataBlockRoot: collection.metadata_blocks !== null,
    isFacetRoot: collection.facets !== null,
    ...(parent_id !== null && { ownerId: parent_id }),
    creationDate: writeTime(collection.created_at),
    effectiveRequiresFilesToPublishDataset: false as const,
    isReleased: published_at !== null,
    ...(input_levels !== null &&
      input_levels.length > 0 && {
        inputLevels: input_levels.map(({ field, required, include }) => ({
          datasetFieldTypeName: field,
          required,
          include,
        })),
      }),
    ...(childCount !== undefined && { childCount }),
    ...(owners && { isPartOf: owners }),
  }
}
