/** What the palette can do or go to. */
export interface Command {
  readonly id: string
  readonly label: string
  readonly group: string
  readonly description?: string | undefined
  /** Other words by which people may look for it. */
  readonly keywords?: string
  /** Found by the server already, for what was typed. */
  readonly found?: boolean
  readonly run: () => unknown
}

/**
 * The commands that hold every word typed, wherever in their words; those whose label begins with it come first. In the
 * order given otherwise, so that nothing jumps while one types.
 */
export function matchingCommands(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...commands]
  const rank = ({ label, group, description = '', keywords = '', found = false }: Command): number => {
    const own = label.toLowerCase()
    const all = `${own} ${group} ${description} ${keywords}`.toLowerCase()
    if (own.startsWith(words.join(' '))) return 0
    const beginnings = own.split(/[^\p{L}\p{N}]+/u)
    if (words.every((word) => beginnings.some((begins) => begins.startsWith(word)))) return 1
    return found || words.every((word) => all.includes(word)) ? 2 : 3
  }
  return commands
    .map((command) => ({ command, rank: rank(command) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ command }) => command)
}

/** The same in their groups, groups in the order of their best. */
export function inGroups(commands: readonly Command[]): readonly (readonly [string, readonly Command[]])[] {
  return [...Map.groupBy(commands, ({ group }) => group)]
}
