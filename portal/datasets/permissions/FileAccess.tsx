import { Accordion, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { PageSkeleton } from '#portal/kit/PageSkeleton.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { Assignments } from './Assignments.tsx'

/** Restricted files one by one, each with those who were given it. */
export function FileAccess({ dataset, collection }: { dataset: string; collection: string }) {
  const [open, setOpen] = useState<string | null>(null)
  const list = useInfiniteQuery(
    pages('GET /v1/datasets/:dataset/versions/:version/files', {
      params: { dataset, version: 'latest' },
      query: { limit: 50, restricted: true },
    }),
  )
  if (list.error) return <ProblemAlert error={list.error} />
  const files = list.data?.pages.flatMap(({ body }) => body.items) ?? []
  return (
    <>
      <Accordion variant="separated" value={open} onChange={setOpen} order={3}>
        {files.map(({ id, path }) => (
          <Accordion.Item key={id} value={String(id)}>
            <Accordion.Control>
              <Text style={{ overflowWrap: 'anywhere' }}>{path}</Text>
            </Accordion.Control>
            <Accordion.Panel>
              {open === String(id) && (
                <Suspense fallback={<PageSkeleton />}>
                  <Assignments place={{ type: 'file', id }} collection={collection} usual="fileDownloader" />
                </Suspense>
              )}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      <LoadMore list={list} shown={countedText(files.length, 'restricted file')} />
    </>
  )
}
