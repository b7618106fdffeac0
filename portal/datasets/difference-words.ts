/** The value of a field as one text: several values below one another, the parts of one beside one another. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(valueText).join('\n')
  if (typeof value === 'object')
    return Object.values(value)
      .map((part) => (Array.isArray(part) ? part.map(valueText).join(', ') : valueText(part)))
      .join(' · ')
  return String(value)
}
