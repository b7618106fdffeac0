import { Stack, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { Assignments } from './Assignments.tsx'
import { FileAccess } from './FileAccess.tsx'
import { NotYours } from './NotYours.tsx'

export function DatasetPermissionsPage() {
  return (
    <SignedIn>
      <Permissions />
    </SignedIn>
  )
}

/** Who may see, change and publish a dataset, and who may have its restricted files. */
function Permissions() {
  const { dataset: id } = useParams({ from: '/deposit/$dataset/permissions' })
  const { data: dataset } = useSuspenseQuery(query('GET /v1/datasets/:dataset', { params: { dataset: id } }))
  const title = `Permissions of ${dataset.version.title}`
  if (!dataset.my_rights.includes('ManageDatasetPermissions')) return <NotYours title={title} what="this dataset" />
  return (
    <Page
      title={title}
      lead={
        <TextLink to="/datasets/$" params={{ _splat: dataset.pid }} search={{}}>
          Back to the dataset
        </TextLink>
      }
    >
      <Stack gap="xl">
        <section aria-label="Roles on the dataset">
          <Assignments
            place={{ type: 'dataset', id: dataset.id }}
            collection={dataset.path.at(-1)?.alias ?? 'root'}
            usual="contributor"
          />
        </section>
        {dataset.my_rights.includes('ManageFilePermissions') && dataset.version.files.restricted > 0 && (
          <Stack gap="sm">
            <Title order={2} size="h4">
              Restricted files
            </Title>
            <FileAccess dataset={String(dataset.id)} collection={dataset.path.at(-1)?.alias ?? 'root'} />
          </Stack>
        )}
      </Stack>
    </Page>
  )
}
