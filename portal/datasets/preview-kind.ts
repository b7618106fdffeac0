/** How a file can be shown without being run: as a picture, text, a document of its own, or not at all. */
export type PreviewKind = 'picture' | 'text' | 'pdf'

/** The server gives these and no others to be shown where they stand; SVG can carry scripts and is none of them. */
const pictures = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/
const texts =
  /^text\/|^application\/(?:json|[\w.-]+\+json|xml|[\w.-]+\+xml|yaml|x-yaml|toml|sql|javascript|x-sh|x-python|x-r|x-ipynb\+json|ndjson|x-ndjson)$|^image\/svg\+xml$/

/** What a file's media type lets us show; null: it has to be downloaded. */
export function previewKind(mediaType: string): PreviewKind | null {
  const type = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (pictures.test(type)) return 'picture'
  if (type === 'application/pdf') return 'pdf'
  return texts.test(type) ? 'text' : null
}

/** As much of a text as is shown. */
export const mostPreviewBytes = 64 * 1024

/** The beginning of a text out of its first bytes; a character or line that was cut in two is left out. Null: it is no text. */
export function textOf(bytes: Uint8Array, isWhole: boolean): string | null {
  if (bytes.includes(0)) return null
  const text = new TextDecoder('utf-8').decode(bytes, { stream: !isWhole })
  // Another encoding shows as marks for what could not be read.
  if ((text.match(/\ufffd/g)?.length ?? 0) > text.length / 50) return null
  if (isWhole) return text
  const end = text.lastIndexOf('\n')
  return end > 0 ? text.slice(0, end) : text
}

/** Whether the server looks for a table in a file called so. */
export const mayBeTable = (name: string): boolean => /\.(?:csv|tsv|tab|parquet|json|ndjson|jsonl|xlsx)$/i.test(name)
