import { Button, Group, Text } from '@mantine/core'

interface LoadMoreProps {
  readonly list: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean; fetchNextPage(): unknown }
  /** What is shown so far: "100 runs". */
  readonly shown: string
}

/** The foot of a list that is read page by page. */
export function LoadMore({ list: { hasNextPage, isFetchingNextPage, fetchNextPage }, shown }: LoadMoreProps) {
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {hasNextPage ? `The first ${shown}` : shown}
      </Text>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Load more
        </Button>
      )}
    </Group>
  )
}
