/** Some members of a thing; undefined is as good as missing. */
export type Given<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** Only what is given, to be laid over what there is. */
export const given = <T extends object>(some: Given<T>): Partial<T> =>
  Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as Partial<T>
