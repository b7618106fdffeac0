import { createHash } from 'node:crypto'

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1c2330}
main{max-width:34rem;margin:12vh auto;padding:2rem;background:#fff;border-radius:12px}
h1{font-size:1.25rem;margin:0 0 1rem}p{margin:0 0 1rem}
button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#1c4fd6;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #8fb0ff;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#12151b;color:#e6e9ef}main{background:#1c212b}
button{background:#7da2ff;color:#0d1524}}`

const styleHash = createHash('sha256').update(style).digest('base64')

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A page that says one thing and has at most one button; no script, nothing from elsewhere. */
export function messagePage({ title, text, button }: { title: string; text: readonly string[]; button?: string }): {
  html: string
  type: string
  headers: Record<string, string>
} {
  const form =
    button === undefined ? '' : `<form method="post"><button type="submit">${escapeHtml(button)}</button></form>`
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${text.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
${form}</main></body></html>
`
  return {
    html,
    type: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
      'cache-control': 'no-store',
    },
  }
}
