/** The kinds that files are counted by, as people call them. */
export type FileGroup =
  | 'Archive'
  | 'Audio'
  | 'Code'
  | 'Data'
  | 'Document'
  | 'Image'
  | 'Tabular data'
  | 'Text'
  | 'Video'
  | 'Other'

const groups: readonly (readonly [RegExp, FileGroup])[] = [
  [/^(text\/(csv|tab-separated-values|tsv)|application\/(x-)?(vnd\.)?(apache\.)?parquet)$/, 'Tabular data'],
  [/spreadsheet|ms-excel|x-(stata|spss|sas|rlang|r-data|dbf)|spss|stata/, 'Tabular data'],
  [/^image\//, 'Image'],
  [/^audio\//, 'Audio'],
  [/^video\//, 'Video'],
  [/zip|gzip|x-tar|x-7z|x-rar|bzip|x-xz|zstd/, 'Archive'],
  [/json|xml|yaml|netcdf|hdf|sqlite|fits/, 'Data'],
  [/pdf|msword|wordprocessing|presentation|opendocument\.text|rtf|epub/, 'Document'],
  [/^text\/(x-|javascript|html|css)|^application\/(javascript|x-(python|sh|r|ruby|httpd|ipynb|matlab))/, 'Code'],
  [/^text\//, 'Text'],
]

export const fileGroup = (mediaType: string): FileGroup => {
  const [type = ''] = mediaType.toLowerCase().split(';')
  return groups.find(([pattern]) => pattern.test(type.trim()))?.[1] ?? 'Other'
}
