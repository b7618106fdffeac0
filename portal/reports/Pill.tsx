import { Text, VisuallyHidden } from '@mantine/core'
import style from './ReportGrid.module.css'
import type { Choice } from './report-data.ts'

const colours: Readonly<Record<string, string | undefined>> = {
  red: style.red,
  amber: style.amber,
  green: style.green,
  blue: style.blue,
  grey: style.grey,
}

/** The class of a colour by its name; none for names that are none. */
export const colourClass = (colour: string | undefined): string => (colour && colours[colour]) || ''

/** One option that was chosen; one that is no longer offered says so. */
export function Pill({ choice: { label, colour, retired } }: { choice: Choice }) {
  return (
    <Text
      span
      size="sm"
      td={retired ? 'line-through' : undefined}
      title={retired ? `${label}: no longer among the options` : label}
      className={`${style.colour} ${colourClass(colour ?? 'grey')}`}
    >
      {label}
      {retired && <VisuallyHidden> (no longer among the options)</VisuallyHidden>}
    </Text>
  )
}
