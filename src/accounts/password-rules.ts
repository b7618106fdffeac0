import { commonWords } from './common-words.ts'
import { passwordUnacceptable } from './problems.ts'

export const longestPassword = 1024

/** What may not make up a password: names that everybody around knows. */
export interface PasswordContext {
  readonly minimumLength: number
  readonly userName: string
  readonly names: readonly (string | null)[]
  readonly siteName: string
}

/**
 * NIST SP 800-63B: length decides, there are no rules on kinds of characters, and what guessers try first is refused.
 * The complaint is one that its reader can act on.
 */
export function refuseWeakPassword(password: string, context: PasswordContext, pointer: string): void {
  const fault = faultOf(password, context)
  if (!fault) return
  throw passwordUnacceptable({
    detail: fault,
    hint: 'A few unrelated words make a good one. Spaces and all other characters are welcome.',
    errors: [{ pointer, detail: fault }],
  })
}

/** What is wrong with it, in one sentence; null when nothing is. */
export function faultOf(password: string, context: PasswordContext): string | null {
  const text = password.normalize('NFKC')
  const length = [...text].length
  if (length < context.minimumLength) {
    return `It must have at least ${context.minimumLength} characters; it has ${length}.`
  }
  if (length > longestPassword) return `It must have at most ${longestPassword} characters.`
  if (new Set(text).size < 5) return 'It repeats too few characters.'
  const names = [context.userName, context.siteName, ...context.names].flatMap(wordsOf)
  if (leftover(text, [...names, ...commonWords]) < 5) {
    return 'It is made of what guessers try first: common words, rows of keys, runs of digits, or your own names.'
  }
  return null
}

/** How many letters and digits remain after taking away guessable words, and runs such as `4567` or `aaa`. */
function leftover(text: string, words: readonly string[]): number {
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  const left = [text.toLowerCase(), unleet(text.toLowerCase())].map((spelling) => {
    const rest = longestFirst.reduce((rest, word) => rest.replaceAll(word, ' '), spelling)
    return [...withoutRuns(rest).replace(/[\s\p{P}\p{S}]/gu, '')].length
  })
  return Math.min(...left)
}

/** `P@ssw0rd` is no better than `password`. Digits within runs stay digits, so that `1234` is still a run. */
const unleet = (text: string): string =>
  text.replace(/(?<=\p{L})[@$0-9!](?=\p{L})|^[@$0-9!](?=\p{L}{2})/gu, (sign) => leet[sign] ?? sign)

const leet: Readonly<Record<string, string>> = {
  '@': 'a',
  $: 's',
  '!': 'i',
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
}

/** Takes out three or more characters that are equal or follow one another, up or down. */
function withoutRuns(text: string): string {
  const signs = [...text]
  const inRun = new Set<number>()
  for (const step of [0, 1, -1]) {
    for (let from = 0; from < signs.length; ) {
      let to = from
      while (to + 1 < signs.length && codeAt(signs, to + 1) - codeAt(signs, to) === step) to += 1
      if (to - from >= 2) for (let n = from; n <= to; n++) inRun.add(n)
      from = to + 1
    }
  }
  return signs.filter((_, n) => !inRun.has(n)).join('')
}

const codeAt = (signs: readonly string[], at: number): number => signs[at]?.codePointAt(0) ?? Number.NaN

/** The words of a name that are long enough to matter. */
function wordsOf(name: string | null): string[] {
  const text = unleet((name ?? '').normalize('NFKC').toLowerCase())
  return [text, ...text.split(/[^\p{L}\p{N}]+/u)].filter((word) => word.length >= 3)
}
