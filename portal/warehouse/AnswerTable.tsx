import { Table } from '@mantine/core'
import { openAnswer } from './drawing.ts'
import { formatValue, titleOf } from './numbers.ts'
import { periodName } from './periods.ts'
import type { Answer, Model } from './question.ts'

export function AnswerTable({ answer, model }: { answer: Answer; model: Model }) {
  const { dimensions, metrics } = openAnswer(answer, model)
  const series = answer.columns[0]?.role === 'period'
  return (
    <Table.ScrollContainer minWidth={300} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {series && <Table.Th>Period</Table.Th>}
            {dimensions.map(({ name, label }) => (
              <Table.Th key={name}>{label}</Table.Th>
            ))}
            {metrics.map((metric) => (
              <Table.Th key={metric.name} ta="right">
                {titleOf(metric)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {answer.rows.slice(0, 500).map((row, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
            <Table.Tr key={i}>
              {answer.columns.flatMap(({ role, name }, j) =>
                role === 'id' ? (
                  []
                ) : (
                  <Table.Td key={name} ta={role === 'metric' ? 'right' : 'left'}>
                    {role === 'metric'
                      ? formatValue(row[j], metrics.find((metric) => metric.name === name) ?? { decimals: null })
                      : role === 'period'
                        ? periodName(String(row[j]), answer.unit)
                        : row[j]}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
