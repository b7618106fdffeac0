import { openAnswer } from './drawing.ts'
import { rangeBefore } from './periods.ts'
import { type Answer, type Ask, askOf, type Cell, type Model, type Question } from './question.ts'

/**
 * What to ask about the equally long range before, given the answer to the question itself. The groups are those of the
 * answer, not those that came first back then, so each finds its own past; what is in Others now is asked for together.
 */
export function asksBefore(
  question: Question,
  answer: Answer,
  model: Model,
): { groups: Ask; others: Ask | null } | null {
  if (answer.period === null) return null
  const { groupOf, dimensions } = openAnswer(answer, model)
  const { limit: _, others: __, order: ___, ...asked } = askOf(model.name, question)
  const then = { ...asked, period: rangeBefore(answer.period, answer.unit), unit: answer.unit }
  if (dimensions.length === 0 || question.limit === null) return { groups: then, others: null }
  const groups = answer.rows.map((row) => groupOf(row, dimensions))
  const kept = dimensions.map(({ name }) => ({
    dimension: name,
    values: [...new Set(groups.flatMap(({ ids }) => ids[name] ?? []))],
  }))
  if (kept.some(({ values }) => values.length === 0 || values.length > 10_000)) return { groups: then, others: null }
  const filters = question.filters.map((filter) => ({ ...filter, values: [...filter.values] }))
  const [only] = kept
  const { dimensions: _____, ...together } = then
  return {
    groups: { ...then, filters: [...filters, ...kept] },
    // With several dimensions, what is left out is no plain list of ids of any of them.
    others:
      kept.length === 1 && only && groups.some((group) => group.others)
        ? { ...together, filters: [...filters, { ...only, exclude: true }] }
        : null,
  }
}

/** The past in the shape of the answer that it is compared with. */
export function joinBefore(answer: Answer, groups: Answer, others: Answer | null): Answer {
  const labels = answer.columns.filter(({ role }) => role === 'id' || role === 'label')
  const rest = (row: readonly Cell[]): Cell[] => {
    const at = (name: string): Cell => row[others?.columns.findIndex((column) => column.name === name) ?? -1] ?? null
    return answer.columns.map(({ name, role }) => (role === 'id' ? null : role === 'label' ? 'Others' : at(name)))
  }
  return labels.length === 0 || others === null
    ? groups
    : { ...groups, rows: [...groups.rows, ...others.rows.map(rest)] }
}
