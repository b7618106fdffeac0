import {
  IconFile,
  IconFileCode,
  IconFileText,
  IconFileTypePdf,
  IconFileZip,
  IconPhoto,
  type IconProps,
  IconTable,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { typeName } from './file-words.ts'

const looks: readonly (readonly [RegExp, ComponentType<IconProps>])[] = [
  [/table|workbook|Stata|SPSS/, IconTable],
  [/image|drawing/, IconPhoto],
  [/PDF/, IconFileTypePdf],
  [/archive/, IconFileZip],
  [/source|JSON|XML|HTML/, IconFileCode],
  [/text|Markdown|document/i, IconFileText],
]

/** What kind of file it is, at a glance; its words say the same. */
export function FileIcon({ mediaType, size = 20 }: { mediaType: string; size?: number }) {
  const name = typeName(mediaType)
  const Icon = looks.find(([pattern]) => pattern.test(name))?.[1] ?? IconFile
  return <Icon size={size} stroke={1.5} aria-hidden style={{ flexShrink: 0 }} />
}
