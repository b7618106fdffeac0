/**
 * Takes secrets out of text by their shape, wherever they stand: log lines, addresses, messages of errors that we
 * did not write. By shape and not by field name, because a secret never turns up where one expects it.
 */
const shapes: readonly (readonly [RegExp, string])[] = [
  // Our own tokens: the public id stays, so that the line can be traced; anything that merely begins like one goes whole.
  [/(tsr(?:feed|file|leave)?_[0-9A-Za-z]{12}_)[0-9A-Za-z_]{8,}/g, '$1[redacted]'],
  [/(tsr(?:feed|file|leave)?_)(?![0-9A-Za-z]{12}_\[)[0-9A-Za-z_]{8,}/g, '$1[redacted]'],
  // XDMoD: the user's number, a dot, 32 bytes in hex. JSON Web Tokens. Password hashes in a failing row.
  [/\d{1,12}\.[0-9a-f]{64}/g, '[redacted]'],
  [/eyJ[\w-]{8,300}\.[\w-]+\.[\w-]*/g, '[redacted]'],
  [/\$argon2\w*\$[^\s"',)]+/g, '[redacted]'],
  [/\b(Bearer|Basic|DPoP)(\s+|%20|\+)[\w.~+/=%-]{8,}/gi, '$1$2[redacted]'],
  // Parameters that carry secrets in addresses and forms, also percent-encoded.
  [
    /(\b|%26|%3F)(bearer|key|token|access_token|api_key|apikey|client_secret|password|secret|invitation)(=|%3D)[^&\s"'#\\]+/gi,
    '$1$2$3[redacted]',
  ],
  // Dataverse's links to drafts have theirs in the path.
  [/((?:preview|private)UrlDatasetVersion\/)[^/\s"'?#\\]+/gi, '$1[redacted]'],
  // What a URL holds before its host. Bounded, since a scheme might begin at every `+`: else 30 kB take seconds.
  [/\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"'\\]*):[^\s@/"'\\]+@/gi, '$1:[redacted]@'],
]

export function redact(text: string): string {
  let clean = text
  for (const [shape, instead] of shapes) clean = clean.replace(shape, instead)
  return clean
}
