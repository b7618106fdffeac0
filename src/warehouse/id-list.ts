/** Ids as one word of an address has them: set apart by commas; a comma or backslash within one has a backslash before it. */
export const splitIds = (text: string): string[] =>
  text.split(/(?<!(?<!\\)(?:\\\\)*\\),/).map((id) => id.replaceAll(/\\([\\,])/g, '$1'))

export const joinIds = (ids: readonly string[]): string => ids.map((id) => id.replaceAll(/[\\,]/g, '\\$&')).join(',')
