import { Combobox, Group, Loader, Text, useCombobox } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { countText } from '#portal/kit/figures.ts'
import { asProblem } from '#portal/kit/problem.ts'
import type { EditorProps, Move } from './editor-props.ts'
import { colourClass, Pill } from './Pill.tsx'
import style from './ReportGrid.module.css'
import type { Choice } from './report-data.ts'
import { useOptions } from './use-options.ts'

const nothing = '\u0000nothing'

/** Chooses one option, or several, among those that a search finds; or a person. */
export function SelectEditor({ report, column, row, cell, commit, cancel, paste, label }: EditorProps) {
  const isMany = column.type === 'multi_select'
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<readonly Choice[]>(() => choicesOf(cell))
  const field = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)
  const combobox = useCombobox({ defaultOpened: true })
  const { options, more, isWaiting, error } = useOptions(report, column, row, search)
  const canEmpty = !isMany && !column.required && search === '' && chosen.length > 0
  const values = [...(canEmpty ? [nothing] : []), ...options.map(({ id }) => id)]
  useLayoutEffect(() => {
    field.current?.focus()
  }, [])
  const found = values.join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: other options, another first one
  useEffect(() => {
    if (search === '') combobox.resetSelectedOption()
    else combobox.selectFirstOption()
  }, [search, found])

  const done = (choices: readonly Choice[], move: Move) => {
    if (isDone.current) return
    isDone.current = true
    const ids = choices.map(({ id }) => id)
    const before = choicesOf(cell).map(({ id }) => id)
    const isSame = ids.join('\n') === before.join('\n') && cell.draft?.text == null
    commit(isSame ? null : { value: isMany ? ids : (ids[0] ?? null), choices }, move)
  }
  const submit = (value: string, move: Move = null) => {
    const option = options.find(({ id }) => id === value)
    if (!isMany) return done(option ? [option] : value === nothing ? [] : chosen, move)
    if (!option) return
    const isThere = chosen.some(({ id }) => id === value)
    setChosen(isThere ? chosen.filter(({ id }) => id !== value) : [...chosen, option])
    setSearch('')
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    event.stopPropagation()
    const active = values[combobox.getSelectedOptionIndex()]
    if (event.key === 'Escape') {
      event.preventDefault()
      isDone.current = true
      cancel()
    } else if (event.key === 'Tab') {
      event.preventDefault()
      const move = event.shiftKey ? 'previous' : 'next'
      if (!isMany && search !== '' && active !== undefined) submit(active, move)
      else done(chosen, move)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      // Ticking is the list's own doing.
      if (active !== undefined && !isMany) submit(active, 'down')
      else if (active === undefined && search === '') done(chosen, 'down')
    } else if (event.key === 'Backspace' && search === '' && isMany) setChosen(chosen.slice(0, -1))
  }
  return (
    <Combobox
      store={combobox}
      withinPortal
      position="bottom-start"
      width={280}
      middlewares={{ flip: true, shift: true }}
      onOptionSubmit={(value) => submit(value)}
    >
      <Combobox.Target withKeyboardNavigation={true}>
        <input
          ref={field}
          className={style.editor}
          aria-label={label}
          value={search}
          placeholder={isMany || chosen.length === 0 ? 'Search' : chosen[0]?.label}
          autoComplete="off"
          onChange={({ currentTarget: { value } }) => setSearch(value)}
          onKeyDown={press}
          onBlur={() => done(chosen, null)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain')
            if (!/[\t\n]./.test(pasted)) return
            event.preventDefault()
            isDone.current = true
            paste(pasted)
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown onMouseDown={(event) => event.preventDefault()}>
        {isMany && chosen.length > 0 && (
          <Group gap={4} p={6}>
            {chosen.map((choice) => (
              <Pill key={choice.id} choice={choice} />
            ))}
          </Group>
        )}
        <Combobox.Options mah={260} style={{ overflowY: 'auto' }} aria-label={`Options of ${column.label}`}>
          {canEmpty && (
            <Combobox.Option value={nothing}>
              <Text size="sm" c="dimmed">
                Nothing
              </Text>
            </Combobox.Option>
          )}
          {options.map((option) => (
            <OneOption key={option.id} option={option} isChosen={chosen.some(({ id }) => id === option.id)} />
          ))}
          {options.length === 0 && (
            <Combobox.Empty>
              {error
                ? asProblem(error).title
                : isWaiting
                  ? 'Searching…'
                  : (column.options?.problem ?? 'No option matches')}
            </Combobox.Empty>
          )}
        </Combobox.Options>
        <Combobox.Footer>
          <Group gap="xs" justify="space-between">
            <Text size="xs" c="dimmed">
              {more > 0
                ? `${countText(more)} more: type to find them`
                : isMany
                  ? 'Enter ticks, Tab saves'
                  : 'Enter chooses'}
            </Text>
            {isWaiting && <Loader size={12} aria-hidden />}
          </Group>
        </Combobox.Footer>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function OneOption({ option: { id, label, colour }, isChosen }: { option: Choice; isChosen: boolean }) {
  return (
    <Combobox.Option value={id} active={isChosen} aria-selected={isChosen}>
      <Group gap={6} wrap="nowrap">
        <IconCheck size={14} aria-hidden style={{ visibility: isChosen ? 'visible' : 'hidden', flexShrink: 0 }} />
        <Text span size="sm" className={colour ? `${style.colour} ${colourClass(colour)}` : undefined}>
          {label}
        </Text>
        {label !== id && (
          <Text span size="xs" c="dimmed" ml="auto">
            {id}
          </Text>
        )}
      </Group>
    </Combobox.Option>
  )
}

/** What the cell holds, as choices; an id of which nothing is known stands for itself. */
function choicesOf({ value, choices }: EditorProps['cell']): Choice[] {
  const ids = value === null || typeof value === 'boolean' ? [] : [value].flat().map(String)
  return ids.map((id) => choices.find((choice) => choice.id === id) ?? { id, label: id, retired: false })
}
