const endings: readonly (readonly [RegExp, string])[] = [
  [/ndjson/, 'ndjson'],
  [/json/, 'json'],
  [/csv/, 'csv'],
  [/parquet/, 'parquet'],
  [/arrow/, 'arrow'],
  [/calendar/, 'ics'],
  [/xls/, 'xls'],
  [/^text\//, 'txt'],
]

/** What a reply is called when it is kept: the operation's name with the ending of its media type. */
export const fileNameOf = (operation: string, type: string): string =>
  `${operation}.${endings.find(([pattern]) => pattern.test(type))?.[1] ?? 'bin'}`
