import '@mantine/spotlight/styles.css'
import { Loader, VisuallyHidden } from '@mantine/core'
import { createSpotlight, Spotlight, useSpotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useId, useState } from 'react'
import { inGroups, matchingCommands } from './palette-matches.ts'
import { useCommands } from './use-commands.ts'
import { useFound } from './use-found.ts'

const [store, palette] = createSpotlight()

/** Goes anywhere and does anything by a few letters. Opens whenever `asked` has grown. */
export function Palette({ asked }: { asked: number }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each asking opens it.
  useEffect(palette.open, [asked])
  const [typed, setTyped] = useState('')
  const found = useFound(typed)
  const groups = inGroups(matchingCommands([...useCommands(), ...found.commands], typed))
  const shown = groups.flatMap(([, commands]) => commands)
  const list = useId()
  const { selected } = useSpotlight(store)
  useFirstSelected(list, shown.map(({ id }) => id).join())
  const says = shown[selected]
  return (
    <Spotlight.Root
      store={store}
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      scrollable
      maxHeight="min(420px, 70dvh)"
      overlayProps={{ blur: 0 }}
      attributes={{ content: { 'aria-label': 'Go to' } }}
      // Mantine pales it too far on the selected one.
      styles={{ actionDescription: { opacity: 1, color: 'inherit' } }}
    >
      <Spotlight.Search
        placeholder="A page, a model, an action…"
        aria-label="Where to go or what to do"
        aria-controls={list}
        leftSection={<IconSearch size={20} aria-hidden />}
        rightSection={found.searching && <Loader size="xs" aria-label="Searching" />}
      />
      <VisuallyHidden role="status" aria-live="polite">
        {says ? `${says.label}, ${says.group}, ${selected + 1} of ${shown.length}` : `${shown.length} found`}
      </VisuallyHidden>
      <Spotlight.ActionsList id={list}>
        {groups.map(([group, commands]) => (
          <Spotlight.ActionsGroup key={group} label={group} role="group" aria-label={group}>
            {commands.map(({ id, label, description, run }) => (
              <Spotlight.Action key={id} label={label} description={description ?? ''} onClick={() => void run()} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 && !found.searching && <Spotlight.Empty>Nothing is called like this.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

/** Enter does the first thing in the list, also when the list has just changed under the one that was selected. */
function useFirstSelected(list: string, shown: string): void {
  const { opened } = useSpotlight(store)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it opens, and whatever is shown then.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const actions = document.getElementById(list)?.querySelectorAll('[data-action]') ?? []
      for (const action of actions) action.removeAttribute('data-selected')
      actions[0]?.setAttribute('data-selected', 'true')
      store.setState({ ...store.getState(), selected: actions.length > 0 ? 0 : -1 })
    })
    return () => cancelAnimationFrame(frame)
  }, [list, shown, opened])
}
