import { jsonInvalid } from './problems.ts'

/**
 * `JSON.parse` that refuses what parsers read differently: a member named twice, and the name by which an object
 * reaches into prototypes. Two programs that disagree on such a body can be played against each other. What is nested deeper
 * than anything that anybody means is refused as well: whoever walks through it would run out of stack.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw jsonInvalid({ detail: 'The body is not JSON.' })
  }
  refuseTwins(text)
  return value
}

const deepest = 200

/** Walks JSON that is known to be well formed, and looks at the names of members only. */
function refuseTwins(text: string): void {
  /** Names seen in each object around; null for an array. */
  const around: (Set<string> | null)[] = []
  let awaitsName = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '{' || char === '[') {
      around.push(char === '{' ? new Set() : null)
      if (around.length > deepest) throw jsonInvalid({ detail: `The body is nested deeper than ${deepest} levels.` })
      awaitsName = char === '{'
    } else if (char === '}' || char === ']') around.pop()
    else if (char === ',') awaitsName = around.at(-1) !== null
    else if (char === '"') {
      const end = endOfString(text, at)
      const names = around.at(-1)
      if (awaitsName && names) {
        const name = JSON.parse(text.slice(at, end + 1)) as string
        if (names.has(name)) throw jsonInvalid({ detail: `The member "${name.slice(0, 80)}" is given twice.` })
        if (name === '__proto__') throw jsonInvalid({ detail: 'No member may be called "__proto__".' })
        names.add(name)
      }
      awaitsName = false
      at = end
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
