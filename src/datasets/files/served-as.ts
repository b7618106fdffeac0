import { attachmentNamed } from '#src/http/content-disposition.ts'

/** What a browser may show beside the portal itself without anything in it being run. */
const showable = /^(image\/(png|jpeg|gif|webp|avif|bmp)|application\/pdf|text\/(plain|csv|tab-separated-values))$/

/**
 * The headers under which a file that somebody deposited is sent. It comes from the portal's own address, so it must not
 * be able to act there: it is saved, not shown; and what is shown all the same is in a sandbox without scripts.
 */
export function servedAs(
  { name, mediaType }: { readonly name: string; readonly mediaType: string },
  { inline = false }: { inline?: boolean | undefined } = {},
): { type: string; headers: Record<string, string> } {
  const bare = mediaType.split(';', 1)[0]!.trim().toLowerCase()
  const shown = inline && showable.test(bare)
  const attachment = attachmentNamed(name)
  return {
    // Tables are shown as the text that they are; a browser would save them otherwise.
    type: shown && bare.startsWith('text/') ? 'text/plain; charset=utf-8' : mediaType,
    headers: {
      'content-disposition': shown ? attachment.replace(/^attachment/, 'inline') : attachment,
      // Browsers show PDF with a program of their own, which a sandbox would keep from starting.
      'content-security-policy':
        shown && bare === 'application/pdf'
          ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
          : "sandbox; default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
    },
  }
}
