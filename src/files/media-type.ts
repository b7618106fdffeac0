/** How many of a file's first bytes are looked at. */
export const headBytes = 512

export const unknownMedia = 'application/octet-stream'

/** By ending. Where research data has no registered type, it is called as Dataverse calls it. */
const byEnding: Readonly<Record<string, string>> = {
  // Tables
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  tab: 'text/tab-separated-values',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
  feather: 'application/vnd.apache.arrow.file',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xls: 'application/vnd.ms-excel',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  sav: 'application/x-spss-sav',
  zsav: 'application/x-spss-sav',
  por: 'application/x-spss-por',
  dta: 'application/x-stata',
  sas7bdat: 'application/x-sas-data',
  xpt: 'application/x-sas-transport',
  rdata: 'application/x-rlang-transport',
  rda: 'application/x-rlang-transport',
  rds: 'application/x-rds',
  dbf: 'application/dbf',
  sqlite: 'application/vnd.sqlite3',
  duckdb: 'application/x-duckdb',
  // Science
  nc: 'application/netcdf',
  h5: 'application/x-hdf5',
  hdf5: 'application/x-hdf5',
  fits: 'application/fits',
  mat: 'application/matlab-mat',
  npy: 'application/x-npy',
  npz: 'application/x-npz',
  geojson: 'application/geo+json',
  gpkg: 'application/geopackage+sqlite3',
  kml: 'application/vnd.google-earth.kml+xml',
  kmz: 'application/vnd.google-earth.kmz',
  gpx: 'application/gpx+xml',
  shp: 'application/vnd.shp',
  shx: 'application/vnd.shx',
  las: 'application/vnd.las',
  fasta: 'text/x-fasta',
  fastq: 'text/x-fastq',
  pdb: 'chemical/x-pdb',
  cif: 'chemical/x-cif',
  nii: 'image/nii',
  dcm: 'application/dicom',
  // Programs
  py: 'text/x-python',
  r: 'type/x-r-syntax',
  rmd: 'text/x-r-notebook',
  qmd: 'text/x-quarto',
  ipynb: 'application/x-ipynb+json',
  do: 'application/x-stata-do',
  ado: 'application/x-stata-ado',
  sps: 'text/x-spss-syntax',
  sas: 'text/x-sas-syntax',
  m: 'text/x-matlab',
  jl: 'text/x-julia',
  js: 'text/javascript',
  mjs: 'text/javascript',
  ts: 'text/x-typescript',
  c: 'text/x-c',
  h: 'text/x-c',
  cpp: 'text/x-c++',
  java: 'text/x-java-source',
  f90: 'text/x-fortran',
  sh: 'text/x-shellscript',
  sql: 'application/sql',
  // Texts
  txt: 'text/plain',
  log: 'text/plain',
  dat: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  xml: 'application/xml',
  xsl: 'application/xml',
  xsd: 'application/xml',
  json: 'application/json',
  jsonld: 'application/ld+json',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  toml: 'application/toml',
  ttl: 'text/turtle',
  nt: 'application/n-triples',
  rdf: 'application/rdf+xml',
  bib: 'text/x-bibtex',
  ris: 'application/x-research-info-systems',
  tex: 'application/x-tex',
  rtf: 'application/rtf',
  pdf: 'application/pdf',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  odp: 'application/vnd.oasis.opendocument.presentation',
  epub: 'application/epub+zip',
  // Pictures, sound, film
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  bmp: 'image/bmp',
  svg: 'image/svg+xml',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  jp2: 'image/jp2',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  m4a: 'audio/mp4',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  // Archives
  zip: 'application/zip',
  gz: 'application/gzip',
  tgz: 'application/gzip',
  bz2: 'application/x-bzip2',
  xz: 'application/x-xz',
  zst: 'application/zstd',
  '7z': 'application/x-7z-compressed',
  rar: 'application/vnd.rar',
  tar: 'application/x-tar',
  warc: 'application/warc',
}

interface Sign {
  readonly media: string
  /** Bytes in Latin-1, and where they stand. */
  readonly bytes: string
  readonly at?: number
  /** Endings whose files begin like this although they are called otherwise. */
  readonly also?: RegExp
}

/** Beginnings that nothing else has: they know better than a name. */
const signs: readonly Sign[] = [
  { media: 'application/pdf', bytes: '%PDF-' },
  { media: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { media: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { media: 'image/gif', bytes: 'GIF8' },
  { media: 'image/webp', bytes: 'WEBP', at: 8 },
  { media: 'image/tiff', bytes: 'II*\0', also: /^(dng|nef|cr2|arw|svs|ome)$/ },
  { media: 'image/tiff', bytes: 'MM\0*', also: /^(dng|nef|cr2|arw|svs|ome)$/ },
  { media: 'application/vnd.apache.parquet', bytes: 'PAR1' },
  { media: 'application/vnd.apache.arrow.file', bytes: 'ARROW1' },
  { media: 'application/x-hdf5', bytes: '\x89HDF\r\n\x1a\n', also: /^(nc|nc4|cdf|mat|h5ad|loom|he5)$/ },
  { media: 'application/netcdf', bytes: 'CDF\x01' },
  { media: 'application/netcdf', bytes: 'CDF\x02' },
  { media: 'application/fits', bytes: 'SIMPLE  =' },
  { media: 'application/x-spss-sav', bytes: '$FL2' },
  { media: 'application/x-spss-sav', bytes: '$FL3' },
  { media: 'application/x-stata', bytes: '<stata_dta>' },
  { media: 'application/vnd.sqlite3', bytes: 'SQLite format 3\0', also: /^(gpkg|mbtiles|db)$/ },
  { media: 'application/x-duckdb', bytes: 'DUCK', at: 8 },
  { media: 'application/gzip', bytes: '\x1f\x8b', also: /^(tgz|rdata|rda|rds|nii|svgz|warc|mgz)$/ },
  { media: 'application/x-bzip2', bytes: 'BZh', also: /^(rdata|rda|rds|tbz2?)$/ },
  { media: 'application/x-xz', bytes: '\xfd7zXZ\0', also: /^(rdata|rda|rds|txz)$/ },
  { media: 'application/zstd', bytes: '\x28\xb5\x2f\xfd' },
  { media: 'application/x-7z-compressed', bytes: '7z\xbc\xaf\x27\x1c' },
  { media: 'application/vnd.rar', bytes: 'Rar!\x1a\x07' },
  { media: 'application/x-tar', bytes: 'ustar', at: 257 },
  {
    media: 'application/zip',
    bytes: 'PK\x03\x04',
    also: /^(xlsx|xlsm|docx|pptx|od[stpg]|epub|kmz|npz|jar|whl|apk|crate|rocrate|zarr|ora|sketch|3mf)$/,
  },
]

/**
 * The media type of a file by its first bytes and its name. Text without an ending is plain text; what cannot be told is
 * `application/octet-stream`. HTML and the like are believed by name only: files that are served as what they claim to
 * be cannot surprise anybody.
 */
export function mimeOf(name: string, head: Uint8Array): string {
  const ending = /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const named = Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, headBytes)).toString('latin1')
  const sign = signs.find(({ bytes, at = 0 }) => start.startsWith(bytes, at))
  if (sign) return named !== undefined && sign.also?.test(ending) ? named : sign.media
  if (named !== undefined) return named
  return ending === '' && start.length > 0 && isText(head.subarray(0, headBytes)) ? 'text/plain' : unknownMedia
}

/** The type that a client tells, unless it says nothing by it. */
export const toldOrOwn = (told: string | null, own: string): string => (told === null || isGeneric(told) ? own : told)

const isGeneric = (told: string): boolean =>
  told === unknownMedia || told === 'application/x-www-form-urlencoded' || !/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(told)

function isText(head: Uint8Array): boolean {
  try {
    // The end may be in the middle of a letter.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no text has
    return !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text)
  } catch {
    return false
  }
}
