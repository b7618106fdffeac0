type Values = Readonly<Record<string, unknown>>

/** The texts of a field of a block, or of one child of a compound. */
export function textsOf(block: Values, field: string, child?: string): string[] {
  return [block[field] ?? []].flat().flatMap((value) => {
    const text = child === undefined ? value : (value as Values | null)?.[child]
    return typeof text === 'string' && text !== '' ? [text] : []
  })
}

/** What the depositors say that the dataset is. */
export const descriptionsOf = (citation: Values): string[] => textsOf(citation, 'dsDescription', 'dsDescriptionValue')
