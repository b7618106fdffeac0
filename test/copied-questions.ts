import { firstQuestion, type Model, type Question } from '#portal/warehouse/question.ts'

/** Questions of every form that the portal can copy, about any model with days. `ids` are values of its first dimension. */
export function copiedQuestions(model: Model, ids: readonly string[]): Readonly<Record<string, Question>> {
  const [first, second] = model.dimensions.map(({ name }) => name)
  const metrics = model.metrics.slice(0, 2).map(({ name }) => name)
  const plain = { ...firstQuestion(model), unit: 'month' as const }
  const kept = { dimension: first!, values: ids.slice(0, 2), exclude: false }
  return {
    'a series': plain,
    'an aggregate by a dimension': { ...plain, series: false, view: 'bar', dimensions: [first!] },
    'several metrics, filtered': { ...plain, metrics, dimensions: [second!], filters: [kept] },
    'the first groups with others, some left out': {
      ...plain,
      dimensions: [second!, first!],
      filters: [{ ...kept, exclude: true }],
      limit: 3,
      others: true,
      order: [{ by: metrics[0]!, descending: false }],
    },
    'values that mean something to a shell': {
      ...plain,
      series: false,
      view: 'bar',
      dimensions: [first!],
      filters: [{ ...kept, values: [...kept.values, `it's "$(date)" \`id\` \\ , % ü\n& #`] }],
    },
  }
}
