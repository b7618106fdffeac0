/** What may stand in a mail that is shown here; everything else is taken out, with what it holds. */
const forbidden = 'script, link, meta, base, iframe, frame, object, embed, form, input, button, svg, math, template'

/**
 * A mail's HTML as a document for a frame without rights. Its styles become those of a sheet that carries the page's
 * nonce, since the page lets no other styles be; pictures stay where they stand in the mail itself; links open beside.
 */
export function frameDocument(html: string): string {
  const rules: string[] = []
  const mail = new DOMParser().parseFromString(withStylesAside(html, rules), 'text/html')
  for (const element of mail.querySelectorAll(`${forbidden}, style`)) element.remove()
  const known = new Map<string, string>()
  for (const element of mail.querySelectorAll('*')) tidy(element, known)
  for (const [style, name] of known) rules.push(`.${name}{${style}}`)
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
  const head = `<meta charset="utf-8"><style nonce="${nonce}">${withoutEnd(rules.join('\n'))}</style>`
  return `<!doctype html><html lang="en"><head>${head}</head><body class="${mail.body.className}">${mail.body.innerHTML}</body></html>`
}

/**
 * Sheets are taken out, and styles of elements stand under another name: a browser complains about those of any document
 * that it reads, also of one that nobody sees.
 */
const withStylesAside = (html: string, sheets: string[]): string =>
  html
    .replace(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, sheet: string) => {
      sheets.push(sheet)
      return ''
    })
    .replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle\s*=/gi, ' data-style='))

function tidy(element: Element, known: Map<string, string>): void {
  for (const { name, value } of [...element.attributes]) {
    if (name === 'data-style') element.classList.add(ruleFor(value, known))
    if (name.startsWith('on') || name === 'data-style' || name === 'srcset' || name === 'background')
      element.removeAttribute(name)
    if (name === 'src' && !value.startsWith('data:image/')) element.removeAttribute(name)
    if (name === 'href' && !/^(https?:|mailto:)/i.test(value)) element.removeAttribute(name)
  }
  if (element.tagName !== 'A') return
  element.setAttribute('rel', 'noopener noreferrer')
  element.setAttribute('target', '_blank')
}

function ruleFor(style: string, known: Map<string, string>): string {
  const name = known.get(style) ?? `mail-${known.size}`
  known.set(style, name)
  return name
}

/** Style text can end neither its rule's sheet nor the rule it stands in. */
const withoutEnd = (css: string): string => css.replaceAll('<', '\\3c ')
