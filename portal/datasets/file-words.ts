import { bytesText } from '#portal/kit/figures.ts'
import { exactDay } from '#portal/kit/Time.tsx'
import type { DatasetFile } from './dataset.ts'

/** Who may have a file, in a word; null where anybody may. */
export function accessWord({ access, embargo }: Pick<DatasetFile, 'access' | 'embargo'>): string | null {
  const until = embargo === null ? '' : ` until ${exactDay(embargo.until)}`
  switch (access) {
    case 'restricted':
      return 'Restricted'
    case 'embargoed':
      return `Embargoed${until}`
    case 'embargoed_restricted':
      return `Embargoed${until}, then restricted`
    default:
      return null
  }
}

const typeNames: Readonly<Record<string, string>> = {
  'text/csv': 'CSV table',
  'text/tab-separated-values': 'TSV table',
  'text/plain': 'Plain text',
  'text/markdown': 'Markdown',
  'text/html': 'HTML',
  'text/x-python': 'Python source',
  'text/x-r': 'R source',
  'type/x-r-syntax': 'R source',
  'application/json': 'JSON',
  'application/geo+json': 'GeoJSON',
  'application/x-ndjson': 'NDJSON',
  'application/xml': 'XML',
  'text/xml': 'XML',
  'application/pdf': 'PDF',
  'application/zip': 'ZIP archive',
  'application/gzip': 'Gzip archive',
  'application/x-tar': 'Tar archive',
  'application/vnd.apache.parquet': 'Parquet table',
  'application/x-parquet': 'Parquet table',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel workbook',
  'application/vnd.ms-excel': 'Excel workbook',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word document',
  'application/x-stata': 'Stata data',
  'application/x-stata-dta': 'Stata data',
  'application/x-spss-sav': 'SPSS data',
  'application/x-hdf5': 'HDF5',
  'application/x-netcdf': 'NetCDF',
  'application/octet-stream': 'Unknown',
  'image/png': 'PNG image',
  'image/jpeg': 'JPEG image',
  'image/gif': 'GIF image',
  'image/webp': 'WebP image',
  'image/tiff': 'TIFF image',
  'image/svg+xml': 'SVG drawing',
}

/** "CSV table"; a type that few know by name stays as it is written. */
export const typeName = (mediaType: string): string => {
  const type = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return typeNames[type] ?? type
}

/** "CSV table · 12 KiB". */
export const typeAndSize = ({ media_type, bytes }: Pick<DatasetFile, 'media_type' | 'bytes'>): string =>
  `${typeName(media_type)} · ${bytesText(bytes)}`
