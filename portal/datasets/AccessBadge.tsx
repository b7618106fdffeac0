import { IconClock, IconLock } from '@tabler/icons-react'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import type { DatasetFile } from './dataset.ts'
import { accessWord } from './file-words.ts'

/** Says of a file that not everybody may have it; nothing where everybody may. */
export function AccessBadge({ file }: { file: Pick<DatasetFile, 'access' | 'embargo'> }) {
  const word = accessWord(file)
  if (word === null) return null
  return (
    <StateBadge icon={file.access === 'restricted' ? IconLock : IconClock} color="orange">
      {word}
    </StateBadge>
  )
}
