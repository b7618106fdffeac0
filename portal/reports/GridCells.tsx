import { Loader, Text, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconGitCompare, IconSquare, IconSquareCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { lookOf, type Span } from './cell-look.ts'
import { isEmpty, type ShownCell } from './cell-words.ts'
import type { Format } from './definition.ts'
import { colourClass, Pill } from './Pill.tsx'
import style from './ReportGrid.module.css'
import type { Cell, InputState } from './report-data.ts'

interface FormattedProps {
  readonly cell: Cell
  readonly formats: readonly Format[]
  readonly span: Span | null
  readonly children: ReactNode
}

/** A value in the look that its column's rules give it. What a colour means is told to those who don't see it as well. */
export function Formatted({ cell, formats, span, children }: FormattedProps) {
  const look = formats.length === 0 ? null : lookOf(cell, formats, span)
  if (look === null) return children
  if (look.kind === 'bar')
    return (
      <>
        <span aria-hidden className={style.bar} style={{ width: `${Math.round(look.share * 100)}%` }} />
        <span className={style.value}>{children}</span>
      </>
    )
  if (look.kind === 'shade') {
    const strength = Math.round(4 + look.share * 26)
    return (
      <span
        className={style.colour}
        style={{
          backgroundColor: `color-mix(in srgb, var(--mantine-primary-color-filled) ${strength}%, transparent)`,
        }}
      >
        {children}
      </span>
    )
  }
  return (
    <span
      className={`${style.colour} ${colourClass(look.colour)}`}
      style={look.bold ? { fontWeight: 700 } : undefined}
      title={`Marked: ${look.because}`}
    >
      {children}
    </span>
  )
}

interface InputContentProps {
  readonly column: InputState
  readonly cell: ShownCell
  readonly span: Span | null
}

/** What was filled in, and how it stands with what isn't saved yet. */
export function InputContent({ column, cell, span }: InputContentProps) {
  return (
    <span className={style.content}>
      <span className={style.text}>
        <Value column={column} cell={cell} span={span} />
      </span>
      {cell.draft && <DraftMark draft={cell.draft} />}
    </span>
  )
}

function Value({ column, cell, span }: InputContentProps) {
  const { type, required, formats, unit } = column
  const { value, text, choices, draft } = cell
  if (draft?.text != null) return text
  if (type === 'checkbox')
    return (
      <>
        {value === true ? <IconSquareCheck size={18} aria-hidden /> : <IconSquare size={18} aria-hidden />}
        <VisuallyHidden>{text || 'No'}</VisuallyHidden>
      </>
    )
  if (isEmpty(value))
    return required ? (
      <Text span size="sm" c="var(--mantine-color-error)" fs="italic">
        Required
      </Text>
    ) : formats.length > 0 ? (
      <Formatted cell={null} formats={formats} span={span}>
        –
      </Formatted>
    ) : null
  if (type === 'single_select' || type === 'multi_select')
    return (
      <span style={{ display: 'inline-flex', gap: 4 }}>
        {[value].flat().map((id) => (
          <Pill
            key={String(id)}
            choice={choices.find((choice) => choice.id === id) ?? { id: String(id), label: String(id), retired: false }}
          />
        ))}
      </span>
    )
  return (
    <Formatted cell={typeof value === 'object' ? text : value} formats={formats} span={span}>
      {text}
      {type === 'number' && unit ? ` ${unit}` : ''}
    </Formatted>
  )
}

function DraftMark({ draft: { state } }: { draft: NonNullable<ShownCell['draft']> }) {
  if (state === 'waiting' || state === 'saving')
    return (
      <>
        <Loader size={12} aria-hidden />
        <VisuallyHidden>being saved</VisuallyHidden>
      </>
    )
  const Icon = state === 'conflict' ? IconGitCompare : IconAlertTriangle
  return (
    <>
      <Icon size={16} aria-hidden color="var(--mantine-color-error)" style={{ flexShrink: 0 }} />
      <VisuallyHidden>{state === 'conflict' ? 'changed by somebody else meanwhile' : 'not saved'}</VisuallyHidden>
    </>
  )
}
