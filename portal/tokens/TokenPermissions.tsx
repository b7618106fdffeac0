import { List, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { query } from '#portal/kit/queries.ts'
import { grantWords } from './permission-choice.ts'

interface TokenPermissionsProps {
  readonly permissions: readonly string[]
  /** In a narrow place: of a folded list only how long it is. */
  readonly brief?: boolean
}

/** What a token may do, in words; a long list folds up behind how long it is. */
export function TokenPermissions({ permissions, brief = false }: TokenPermissionsProps) {
  const { data } = useSuspenseQuery(query('GET /v1/permissions'))
  const words = grantWords(permissions, data.items)
  if (words.length <= 2) return <Text size="sm">{words.join(' · ')}</Text>
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        {words.length} permissions{!brief && `: ${words[0]} and ${words.length - 1} more`}
      </Text>
      <List size="sm" pt={4}>
        {words.map((text) => (
          <List.Item key={text}>{text}</List.Item>
        ))}
      </List>
    </details>
  )
}
