/** What a media type is called for people: in Dataverse's words, which its clients' tests compare. */
export function friendlyType(mediaType: string): string {
  const bare = (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
  return friendly[bare] ?? guess(bare)
}

function guess(mediaType: string): string {
  const [group = '', name = ''] = mediaType.split('/')
  if (mediaType === '' || mediaType === 'application/octet-stream' || name === '') return 'Unknown'
  const kind = kinds[group]
  return kind === undefined ? mediaType : `${name.replace(/^x-/, '').toUpperCase()} ${kind}`
}

const kinds: Readonly<Record<string, string>> = { image: 'Image', audio: 'Audio', video: 'Video', font: 'Font' }

const friendly: Readonly<Record<string, string>> = {
  'application/gzip': 'Gzip Archive',
  'application/json': 'JSON',
  'application/ld+json': 'JSON-LD',
  'application/msword': 'MS Word',
  'application/pdf': 'Adobe PDF',
  'application/rtf': 'Rich Text Format',
  'application/vnd.apache.parquet': 'Parquet',
  'application/vnd.ms-excel': 'MS Excel Spreadsheet',
  'application/vnd.ms-powerpoint': 'MS Powerpoint',
  'application/vnd.oasis.opendocument.spreadsheet': 'OpenDocument Spreadsheet',
  'application/vnd.oasis.opendocument.text': 'OpenDocument Text',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'MS Powerpoint',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'MS Excel Spreadsheet',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'MS Word',
  'application/x-7z-compressed': '7Z Archive',
  'application/x-hdf5': 'Hierarchical Data Format',
  'application/x-ipynb+json': 'Jupyter Notebook',
  'application/x-netcdf': 'Network Common Data Form',
  'application/x-parquet': 'Parquet',
  'application/x-r-data': 'R Data',
  'application/x-rlang-transport': 'R Data',
  'application/x-spss-por': 'SPSS Portable',
  'application/x-spss-sav': 'SPSS Binary Data',
  'application/x-spss-syntax': 'SPSS Syntax',
  'application/x-stata': 'Stata Binary Data',
  'application/x-stata-13': 'Stata 13 Binary Data',
  'application/x-stata-14': 'Stata 14 Binary Data',
  'application/x-stata-15': 'Stata 15 Binary Data',
  'application/x-stata-syntax': 'Stata Syntax',
  'application/x-tar': 'TAR Archive',
  'application/xml': 'XML',
  'application/zip': 'ZIP Archive',
  'audio/mpeg': 'MP3 Audio',
  'image/gif': 'GIF Image',
  'image/jpeg': 'JPEG Image',
  'image/png': 'PNG Image',
  'image/svg+xml': 'SVG Image',
  'image/tiff': 'TIFF Image',
  'image/webp': 'WebP Image',
  'text/csv': 'Comma Separated Values',
  'text/html': 'HTML',
  'text/javascript': 'JavaScript Code',
  'text/markdown': 'Markdown Text',
  'text/plain': 'Plain Text',
  'text/tab-separated-values': 'Tab-Delimited',
  'text/tsv': 'Tab-Separated Values',
  'text/x-python': 'Python Source Code',
  'text/x-r-source': 'R Syntax',
  'text/x-sas-syntax': 'SAS Syntax',
  'text/x-shellscript': 'Shell Script',
  'text/x-sql': 'SQL Code',
  'text/xml': 'XML',
  'text/yaml': 'YAML',
  'video/mp4': 'MPEG-4 Video',
}
