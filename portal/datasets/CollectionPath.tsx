import { Text } from '@mantine/core'
import { Fragment } from 'react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'

interface CollectionPathProps {
  /** From the root down. */
  readonly path: readonly { readonly id: number; readonly alias: string; readonly name: string }[]
}

/** In which collections something lies, from the outermost to the innermost; each leads to its page. */
export function CollectionPath({ path }: CollectionPathProps) {
  if (path.length === 0) return null
  return (
    <Text component="nav" aria-label="Collections" size="sm" style={{ overflowWrap: 'anywhere' }}>
      {path.map(({ id, alias, name }, at) => (
        <Fragment key={id}>
          {at > 0 && (
            <Text component="span" c="dimmed" aria-hidden>
              {' / '}
            </Text>
          )}
          <TextLink to="/collections/$collection" params={{ collection: alias }} inherit>
            {name}
          </TextLink>
        </Fragment>
      ))}
    </Text>
  )
}
