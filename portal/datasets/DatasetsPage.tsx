import { IconDatabaseOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useYou } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { CollectionActions } from './CollectionActions.tsx'
import { SearchPanel } from './SearchPanel.tsx'
import { readFound, writeFound } from './search-words.ts'

/** Everything that was deposited and that one may see, to be searched. */
export function DatasetsPage() {
  const found = readFound(useSearch({ from: '/datasets/' }))
  const navigate = useNavigate({ from: '/datasets/' })
  const { data: root } = useQuery(query('GET /v1/collections/:collection', { params: { collection: 'root' } }))
  return (
    <Page
      title="Datasets"
      windowTitle={found.q === '' ? 'Datasets' : `${found.q} · Datasets`}
      lead="What people have deposited here, with its files, to be found, cited and fetched."
      actions={
        <>
          <ButtonLink to="/collections/$collection" params={{ collection: 'root' }} variant="default">
            Browse collections
          </ButtonLink>
          {root && <CollectionActions collection={root} />}
        </>
      }
    >
      <SearchPanel
        found={found}
        onChange={(next) => void navigate({ search: writeFound(next) })}
        below={null}
        label="Search datasets, collections and files"
        nothing={<NothingYet />}
      />
    </Page>
  )
}

function NothingYet() {
  const signedIn = useYou() !== null
  return (
    <EmptyState
      icon={IconDatabaseOff}
      title={signedIn ? 'Nothing has been deposited yet' : 'Nothing has been published yet'}
    >
      {signedIn
        ? 'A dataset is files with what is said about them: who made them, what they hold, under which licence.'
        : 'Sign in, at the top left, to see what is not public.'}
    </EmptyState>
  )
}
