import { namesOfField } from './fields.ts'
import { splitWords } from './split-words.ts'
import { fieldWord } from './word-vector.ts'

/** One thing asked for: words in a row (one, or a phrase), anywhere or in some fields. */
export interface Sought {
  readonly words: readonly string[]
  /** Whether the last word may go on. */
  readonly open: boolean
  /** Names of fields; null: anywhere. */
  readonly fields: readonly string[] | null
}

/** A question as PostgreSQL takes it: texts of type `tsquery`, made of letters, figures and operators of ours only. */
export interface Question {
  /** What must hold; null: everything is found. */
  readonly match: string | null
  /** What counts for the order; null: nothing does. */
  readonly rank: string | null
  /** The plain words in a row, where several are asked for; whoever has them so comes first. */
  readonly phrase: string | null
  /** What was asked for and not excluded. */
  readonly sought: readonly Sought[]
}

type Node =
  | { readonly kind: 'sought'; readonly sought: Sought }
  | { readonly kind: 'group'; readonly clauses: readonly Clause[] }
  | { readonly kind: 'all' }
interface Clause {
  occur: 'should' | 'must' | 'not'
  readonly node: Node
}

const mostSought = 64
const deepest = 12
const longestPhrase = 32

/**
 * Reads a question: words (any of them), "phrases", +must, -not, AND, OR, NOT, field:value, begin*, brackets. Whatever is
 * written wrongly is taken for words, so there is nothing to refuse.
 */
export function readQuestion(text: string): Question {
  const reader = new Reader(decoded(text))
  const clauses = reader.clauses(null, 0)
  while (!reader.ended()) {
    // A bracket that was never opened.
    reader.skip()
    clauses.push(...reader.clauses(null, 0))
  }
  const match = clauses.length === 0 ? true : termOf(clauses)
  const sought = positives(clauses)
  const plain = clauses.every(({ occur, node }) => occur === 'should' && isPlain(node)) ? sought : []
  const words = plain.flatMap((one) => one.words).slice(0, longestPhrase)
  return {
    match: match === true ? null : match === false ? nothing : match,
    rank: sought.length === 0 ? null : sought.map(soughtTerm).join(' | '),
    phrase: plain.length > 1 ? words.map(quoted).join(' <-> ') : null,
    sought,
  }
}

/** Some clients encode questions twice. */
function decoded(text: string): string {
  if (/\s/.test(text) || !/%[0-9A-Fa-f]{2}/.test(text)) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

class Reader {
  readonly #text: string
  #at = 0
  #found = 0

  constructor(text: string) {
    this.#text = text
  }

  ended(): boolean {
    return this.#at >= this.#text.length
  }

  skip(): void {
    this.#at++
  }

  /** All clauses up to the bracket that closes them, which is not taken. */
  clauses(fields: readonly string[] | null, depth: number): Clause[] {
    const clauses: Clause[] = []
    let occur: Clause['occur'] | null = null
    let joined = false
    for (;;) {
      this.#blanks()
      const sign = this.#text[this.#at]
      if (sign === undefined || sign === ')') return clauses
      if (sign === '+' || sign === '-' || sign === '!') {
        this.#at++
        occur = sign === '+' ? 'must' : 'not'
        continue
      }
      const operator = this.#operator()
      if (operator === 'and') {
        joined = true
        const before = clauses.at(-1)
        if (before?.occur === 'should') before.occur = 'must'
        continue
      }
      if (operator === 'or') continue
      if (operator === 'not') {
        occur = 'not'
        continue
      }
      const node = this.#node(fields, depth)
      if (node) clauses.push({ occur: occur ?? (joined ? 'must' : 'should'), node })
      occur = null
      joined = false
    }
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #operator(): 'and' | 'or' | 'not' | null {
    const [found, word] = /^(AND|OR|NOT|&&|\|\|)(?=[\s()"]|$)/.exec(this.#text.slice(this.#at, this.#at + 4)) ?? []
    if (found === undefined) return null
    this.#at += found.length
    return word === 'NOT' ? 'not' : word === 'AND' || word === '&&' ? 'and' : 'or'
  }

  #node(fields: readonly string[] | null, depth: number): Node | null {
    const sign = this.#text[this.#at]
    if (sign === '(') {
      this.#at++
      if (depth >= deepest) return null
      const clauses = this.clauses(fields, depth + 1)
      if (this.#text[this.#at] === ')') this.#at++
      return clauses.length === 0 ? null : { kind: 'group', clauses }
    }
    if (sign === '"') return this.#phrase(fields)
    return this.#word(fields, depth)
  }

  #phrase(fields: readonly string[] | null): Node | null {
    const end = this.#text.indexOf('"', this.#at + 1)
    const inside = this.#text.slice(this.#at + 1, end < 0 ? undefined : end)
    this.#at = end < 0 ? this.#text.length : end + 1
    this.#modifiers()
    return this.#sought(inside, fields, false)
  }

  #word(fields: readonly string[] | null, depth: number): Node | null {
    const [field, name] = /^([A-Za-z][\w.]*):/.exec(this.#text.slice(this.#at, this.#at + 100)) ?? []
    const named = fields === null && name !== undefined ? namesOfField(name) : null
    if (field !== undefined && named) {
      this.#at += field.length
      // `title: tide` is not said to be of the title, yet meant so.
      this.#blanks()
      const next = this.#text[this.#at]
      return next === undefined || next === ')' ? null : this.#node(named, depth)
    }
    const [word = ''] = /^(?:\\[\s\S]|[^\s()"\\])+|^[\s\S]/.exec(this.#text.slice(this.#at)) ?? []
    this.#at += word.length
    if (/^\*(:\*)?$/.test(word)) return { kind: 'all' }
    const bare = word.replace(/[~^][\d.]*$/, '')
    const [head = ''] = bare.replace(/\\(.)/g, '$1').split(/[*?]/)
    return this.#sought(head, fields, /[*?]/.test(bare) && head !== '')
  }

  /** How near or how heavy: not known here. */
  #modifiers(): void {
    const [found = ''] = /^[~^][\d.]*/.exec(this.#text.slice(this.#at, this.#at + 10)) ?? []
    this.#at += found.length
  }

  #sought(text: string, fields: readonly string[] | null, open: boolean): Node | null {
    const words = splitWords(text)
      .slice(0, longestPhrase)
      .map(({ word }) => word)
    if (words.length === 0 || ++this.#found > mostSought) return null
    return { kind: 'sought', sought: { words, open, fields } }
  }
}

const isPlain = (node: Node): boolean => node.kind === 'sought' && node.sought.fields === null && !node.sought.open

const quoted = (word: string): string => `'${word}'`
/** No document has it. */
const nothing = quoted('=')

function soughtTerm({ words, open, fields }: Sought): string {
  const row = (spell: (word: string) => string) =>
    words.map((word, i) => `${quoted(spell(word))}${open && i === words.length - 1 ? ':*' : ''}`).join(' <-> ')
  if (fields === null) return `(${row((word) => word)})`
  return `(${fields.map((field) => `(${row((word) => fieldWord(field, word))})`).join(' | ')})`
}

/** What the clauses ask for, as a `tsquery`; true: everything, false: nothing. */
function termOf(clauses: readonly Clause[]): string | boolean {
  const of = (occur: Clause['occur']) => clauses.filter((one) => one.occur === occur).map(({ node }) => nodeTerm(node))
  const [must, should, not] = [of('must'), of('should'), of('not')]
  const wanted = must.length > 0 ? all(must) : should.length > 0 ? any(should) : true
  return all([wanted, ...not.map((term) => (typeof term === 'boolean' ? !term : `!${term}`))])
}

const nodeTerm = (node: Node): string | boolean =>
  node.kind === 'all' ? true : node.kind === 'sought' ? soughtTerm(node.sought) : termOf(node.clauses)

function all(terms: readonly (string | boolean)[]): string | boolean {
  if (terms.includes(false)) return false
  const texts = terms.filter((term) => term !== true)
  return texts.length === 0 ? true : `(${texts.join(' & ')})`
}

function any(terms: readonly (string | boolean)[]): string | boolean {
  if (terms.includes(true)) return true
  const texts = terms.filter((term) => term !== false)
  return texts.length === 0 ? false : `(${texts.join(' | ')})`
}

const positives = (clauses: readonly Clause[]): Sought[] =>
  clauses.flatMap(({ occur, node }) => {
    if (occur === 'not' || node.kind === 'all') return []
    return node.kind === 'sought' ? [node.sought] : positives(node.clauses)
  })
