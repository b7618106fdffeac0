import { Popover } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import type { EditorProps } from './editor-props.ts'
import style from './ReportGrid.module.css'
import { readTyped, type TypedKind } from './typed-value.ts'

/** Where text, numbers and days are typed. What makes no sense is kept as it was typed, with what is wrong about it. */
export function TypedEditor({ column, cell, overwrite, commit, cancel, paste, label }: EditorProps) {
  const kind = column.type as TypedKind
  const before = cell.draft?.text ?? (cell.value === null ? '' : String(cell.value))
  const [text, setText] = useState(overwrite ? '' : before)
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  const isDone = useRef(false)
  useLayoutEffect(() => {
    field.current?.focus()
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length)
  }, [])
  const done = (written: string, move: Parameters<typeof commit>[1]) => {
    if (isDone.current) return
    isDone.current = true
    if (written === before) return commit(null, move)
    const typed = readTyped(kind, written)
    commit('value' in typed ? { value: typed.value } : { unclear: { text: written, complaint: typed.complaint } }, move)
  }
  const press = (event: KeyboardEvent<HTMLElement>) => {
    // What is being composed, of several keys for one sign, has its own Enter and Escape.
    if (event.nativeEvent.isComposing) return
    event.stopPropagation()
    if (event.key === 'Escape') {
      isDone.current = true
      cancel()
    } else if (event.key === 'Tab') {
      event.preventDefault()
      done(text, event.shiftKey ? 'previous' : 'next')
    } else if (event.key === 'Enter' && !(kind === 'text' && (event.altKey || event.ctrlKey))) {
      event.preventDefault()
      done(text, event.shiftKey ? 'up' : 'down')
    } else if (event.key === 'Enter') {
      event.preventDefault()
      setText(`${text}\n`)
    } else if (kind === 'date' && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault()
      setText(dayBeside(text, event.key === 'ArrowUp' ? 1 : -1))
    }
  }
  const shared = {
    ref: field,
    className: style.editor,
    'aria-label': label,
    value: text,
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) => setText(value),
    onKeyDown: press,
    onBlur: () => done(text, null),
    onPaste: (event: React.ClipboardEvent) => {
      const pasted = event.clipboardData.getData('text/plain')
      if (!/[\t\n]./.test(pasted)) return
      event.preventDefault()
      isDone.current = true
      paste(pasted)
    },
  }
  if (kind === 'text') return <textarea {...shared} rows={1} maxLength={column.max_length ?? 4000} />
  if (kind === 'number') return <input {...shared} inputMode="decimal" autoComplete="off" />
  return (
    <Popover
      opened
      withinPortal
      position="bottom-start"
      trapFocus={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Popover.Target>
        <input {...shared} placeholder="YYYY-MM-DD" autoComplete="off" />
      </Popover.Target>
      {/* The focus stays in the field: a click into the calendar is no leaving. */}
      <Popover.Dropdown onMouseDown={(event) => event.preventDefault()}>
        <DatePicker
          value={dayOf(text)}
          {...(dayOf(text) !== null && { defaultDate: dayOf(text) as string })}
          {...(typeof column.min === 'string' && { minDate: column.min })}
          {...(typeof column.max === 'string' && { maxDate: column.max })}
          onChange={(day) => {
            if (day !== null) done(day, null)
          }}
          ariaLabels={{ previousMonth: 'Month before', nextMonth: 'Month after' }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

function dayOf(text: string): string | null {
  const typed = readTyped('date', text)
  return 'value' in typed && typeof typed.value === 'string' ? typed.value : null
}

/** The day before or after; from nothing, today. */
function dayBeside(text: string, by: number): string {
  const day = dayOf(text)
  const date = day === null ? new Date() : new Date(`${day}T00:00:00Z`)
  if (day !== null) date.setUTCDate(date.getUTCDate() + by)
  return date.toISOString().slice(0, 10)
}
