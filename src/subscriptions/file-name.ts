/** Names hold what people wrote (titles of reports, values of dimensions), but nothing that leads elsewhere. */
export function fileName(stem: string, extension: string): string {
  // Controls, separators, and marks that turn text around.
  const plain = stem
    .replace(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
  return `${[...plain].slice(0, 120).join('').trim() || 'report'}.${extension}`
}
