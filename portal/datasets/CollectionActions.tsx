/** What one may do with a collection: buttons beside its heading, for those who may. */
export function CollectionActions() {
  return null
}
