/**
 * Takes secrets out of text by their shape, wherever they stand: log lines, addresses, messages of errors that we
 * did not write. By shape and not by field name, because a secret never turns up where one expects it.
 */
const shapes: readonly (readonly [RegExp, string])[] = [
  // Our own tokens and keys: a prefix of the product, then letters, digits and underscores.
  [/\b(tsr_?[a-z]*_)[A-Za-z0-9_]{16,}/g, '$1[redacted]'],
  // XDMoD: the user's number, a dot, 32 bytes in hex. JSON Web Tokens.
  [/\b\d+\.[0-9a-f]{64}\b/g, '[redacted]'],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/\b(Bearer|Basic|DPoP)(\s+|%20|\+)[\w.~+/=%-]{8,}/gi, '$1$2[redacted]'],
  // Parameters that carry secrets in addresses and forms, also percent-encoded.
  [
    /\b(bearer|key|token|access_token|api_key|apikey|client_secret|password|secret|code|invitation)(=|%3D)[^&\s"'#\\]+/gi,
    '$1$2[redacted]',
  ],
  // What a URL holds before its host.
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@"'\\]*):[^\s@/"'\\]+@/gi, '$1:[redacted]@'],
]

export function redact(text: string): string {
  let clean = text
  for (const [shape, instead] of shapes) clean = clean.replace(shape, instead)
  return clean
}
