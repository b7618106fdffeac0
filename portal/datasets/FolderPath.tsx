import { Group, Text, UnstyledButton } from '@mantine/core'
import { Fragment } from 'react'
import { stepsTo } from './folders.ts'

/** Where one is among the folders, and the way back up; nothing at the top. */
export function FolderPath({ directory, open }: { directory: string; open: (path: string) => void }) {
  if (directory === '') return <span />
  const steps = [{ name: 'All folders', path: '' }, ...stepsTo(directory)]
  return (
    <Group component="nav" aria-label="Folder" gap={6} style={{ overflowWrap: 'anywhere' }}>
      {steps.map(({ name, path }, at) => (
        <Fragment key={path}>
          {at > 0 && <span aria-hidden>/</span>}
          {path === directory ? (
            <Text component="span" fw={600} aria-current="location">
              {name}
            </Text>
          ) : (
            <UnstyledButton onClick={() => open(path)} c="var(--mantine-color-anchor)" td="underline">
              {name}
            </UnstyledButton>
          )}
        </Fragment>
      ))}
    </Group>
  )
}
