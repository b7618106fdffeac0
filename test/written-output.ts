import assert from 'node:assert/strict'

/*
 * Whether an output is like the one that a page shows: the same words and the same shape, where times, numbers, ids and
 * secrets are another start's.
 */

/** JSON: the same shape. Text: every line that is shown stands in the output, in that order; `…` shortens a line. */
export function assertAlike(output: string, shown: string, what: string): void {
  const whole = parsed(shown)
  if (whole !== undefined) {
    assertShape(parsed(output), whole, what)
    return
  }
  const lines = output.trim().split('\n')
  let from = 0
  for (const line of shown.trim().split('\n')) {
    const at = lines.findIndex((candidate, i) => i >= from && isLineAlike(candidate, line))
    assert.ok(at >= 0, `${what}\nshould print a line like\n${line}\nbut prints\n${output}`)
    from = at + 1
  }
}

function isLineAlike(line: string, shown: string): boolean {
  const value = parsed(shown)
  if (value !== undefined) {
    try {
      assertShape(parsed(line), value, shown)
      return true
    } catch {
      return false
    }
  }
  return shown.endsWith('…')
    ? withoutChance(line).startsWith(withoutChance(shown.slice(0, -1).trimEnd()))
    : withoutChance(line) === withoutChance(shown)
}

const withoutChance = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, '<time>')
    .replace(/\b[a-z0-9]{5}(-[a-z0-9]{5}){3}\b/g, '<password>')
    // Not each has a figure in it: one in eight is made of letters alone.
    .replace(/\b(?=\w*\d|\w+[A-Z])[0-9A-Za-z]{12}\b/g, '<id>')
    .replace(/\d+(\.\d+)?/g, '<number>')
    .replace(/(event|checkpoint)s\b/g, '$1')
    .trimEnd()

/** Members by which a program decides; their values are those that are shown. */
const telling = new Set(['code', 'status', 'title', 'state', 'permissions', 'name', 'role', 'columns'])

function assertShape(value: unknown, shown: unknown, at: string): void {
  if (shown === null || value === null) return
  assert.equal(typeof value, typeof shown, `${at}: ${JSON.stringify(value)}`)
  if (Array.isArray(shown)) {
    assert.ok(Array.isArray(value), at)
    if (value.length === shown.length) shown.forEach((item, i) => void assertShape(value[i], item, `${at}[${i}]`))
    else if (shown.length > 0) assertShape(value[0], shown[0], `${at}[0]`)
  } else if (typeof shown === 'object') {
    assert.deepEqual(Object.keys(value as object), Object.keys(shown), at)
    for (const [key, member] of Object.entries(shown)) {
      const found: unknown = (value as Record<string, unknown>)[key]
      if (telling.has(key)) assert.deepEqual(found, member, `${at}.${key}`)
      else assertShape(found, member, `${at}.${key}`)
    }
  }
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
