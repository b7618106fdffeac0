import { Stack, Title } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { Assignments } from './Assignments.tsx'
import { CustomRoles } from './CustomRoles.tsx'
import { NotYours } from './NotYours.tsx'

export function CollectionPermissionsPage() {
  return (
    <SignedIn>
      <Permissions />
    </SignedIn>
  )
}

/** Who may do what in a collection and below, and the roles that can be given there. */
function Permissions() {
  const { collection: alias } = useParams({ from: '/collections/$collection/permissions' })
  const { data: collection } = useSuspenseQuery(
    query('GET /v1/collections/:collection', { params: { collection: alias } }),
  )
  const title = `Permissions of ${collection.name}`
  if (!collection.my_rights.includes('ManageDataversePermissions'))
    return <NotYours title={title} what="this collection" />
  return (
    <Page
      title={title}
      lead={
        <>
          Roles given here hold for everything in the collection and below.{' '}
          <TextLink to="/collections/$collection" params={{ collection: collection.alias }} search={{}}>
            Back to the collection
          </TextLink>
        </>
      }
    >
      <Stack gap="xl">
        <Assignments
          place={{ type: 'collection', id: collection.id }}
          collection={collection.alias}
          usual="contributor"
        />
        <Stack gap="sm">
          <Title order={2} size="h4">
            Roles that can be given
          </Title>
          <CustomRoles collection={collection} />
        </Stack>
      </Stack>
    </Page>
  )
}
