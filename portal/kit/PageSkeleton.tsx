import { Container, Skeleton, Stack } from '@mantine/core'

/** Stands in while a page's first answers are on their way. */
export function PageSkeleton() {
  return (
    <Container size="lg" px={{ base: 'sm', sm: 'md' }} py="lg" role="status" aria-busy="true" aria-label="Loading">
      <Stack gap="lg">
        <Skeleton height={32} width={260} />
        <Skeleton height={18} width="60%" />
        <Skeleton height={180} />
        <Skeleton height={180} />
      </Stack>
    </Container>
  )
}
