import { createHash } from 'node:crypto'

const style = `
  :root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif }
  body { margin: 0 auto; max-width: 44rem; padding: 3rem 1.25rem }
  h1 { font-size: 1.6rem; margin: 0 0 .25rem }
  pre { overflow-x: auto; padding: .8rem 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .4rem }
  dt { font-weight: 600; margin-top: .8rem } dd { margin: 0 }
`

/** Text made safe to stand in HTML. */
export const asText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

/** A plain page that needs no script, and the headers that let nothing else in. `main` is HTML. */
export function htmlPage(title: string, main: string): { body: string; headers: Record<string, string> } {
  const hash = createHash('sha256').update(style).digest('base64')
  return {
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${asText(title)}</title>
<style>${style}</style>
<main>
${main}
</main>
</html>
`,
    headers: {
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-cache',
    },
  }
}
