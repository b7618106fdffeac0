/** The whole question stands in the address; whatever in it makes no sense is left out. */
export const readExploreSearch = (search: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(search).map(([key, value]) => [key, String(value)]))
export const readRowsSearch = readExploreSearch
