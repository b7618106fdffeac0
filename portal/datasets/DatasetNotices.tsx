import { Alert, Anchor, Text } from '@mantine/core'
import { IconArchiveOff, IconHistory, IconInfoCircle, IconLock, IconPencil } from '@tabler/icons-react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { exactDay } from '#portal/kit/Time.tsx'
import type { DatasetView } from './dataset.ts'
import { webAddress } from './metadata-rows.ts'

const lockWords: Readonly<Record<string, string>> = {
  in_review: 'It is in review: whoever may publish here publishes it or sends it back.',
  publishing: 'It is being published right now.',
  ingest: 'Its tables are being read right now.',
}

/** What a reader has to know before anything else: that this is a draft, an old version, or what is left of a withdrawn one. */
export function DatasetNotices({ view, isPreview }: { view: DatasetView; isPreview: boolean }) {
  const { pid, has_draft, latest_published, version, locks } = view
  const isOld = version.state === 'released' && latest_published !== null && latest_published !== version.number
  return (
    <>
      {version.state === 'draft' && (
        <Alert color="orange" icon={<IconPencil aria-hidden />} title={isPreview ? 'A preview' : 'A draft'}>
          <Text size="sm">
            {isPreview
              ? 'You see this by a link that was given to you. It is not published: it may change, and should not be cited yet.'
              : 'Only who may see drafts here sees this.'}{' '}
            {latest_published !== null && (
              <TextLink to="/datasets/$" params={{ _splat: pid }} search={{ version: latest_published }}>
                See version {latest_published}, which everybody sees
              </TextLink>
            )}
          </Text>
        </Alert>
      )}
      {locks.map(({ type, message }) => (
        <Alert key={type} color="orange" icon={<IconLock aria-hidden />}>
          {lockWords[type] ?? `It is held (${type}).`} {message}
        </Alert>
      ))}
      {isOld && (
        <Alert color="blue" icon={<IconHistory aria-hidden />}>
          This is not the latest version.{' '}
          <TextLink to="/datasets/$" params={{ _splat: pid }}>
            See version {latest_published}
          </TextLink>
        </Alert>
      )}
      {version.state === 'released' && !isOld && has_draft && (
        <Alert color="gray" icon={<IconInfoCircle aria-hidden />}>
          Work on the next version has begun.{' '}
          <TextLink to="/datasets/$" params={{ _splat: pid }} search={{ version: 'draft' }}>
            See the draft
          </TextLink>
        </Alert>
      )}
      {version.deaccession && <Tombstone deaccession={version.deaccession} />}
    </>
  )
}

function Tombstone({
  deaccession: { at, reason, url },
}: {
  deaccession: NonNullable<DatasetView['version']['deaccession']>
}) {
  const href = url === null ? null : webAddress(url)
  return (
    <Alert color="red" icon={<IconArchiveOff aria-hidden />} title="This version was withdrawn">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {reason ?? 'No reason was given.'} ({exactDay(at)})
      </Text>
      {href !== null && (
        <Text size="sm">
          It can now be found at{' '}
          <Anchor href={href} target="_blank" rel="noreferrer" inherit>
            {url}
          </Anchor>
          .
        </Text>
      )}
    </Alert>
  )
}
