const longest = 80

/**
 * A User-Agent as people read it: products and versions, without the remarks in brackets about machines and systems. The
 * whole where the remark is all that it says. Empty when there is none.
 */
export function shortenClient(client: string | null): string {
  const text = tidy(client ?? '')
  const products = tidy(text.replace(/\([^()]*\)/g, ' '))
  return (/^(Mozilla\/\S+)?$/.test(products) ? text : products).slice(0, longest)
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim()
