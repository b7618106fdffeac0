import { Group, UnstyledButton } from '@mantine/core'
import { countText } from '#portal/kit/figures.ts'
import style from './KindTabs.module.css'
import type { Kind } from './search-words.ts'

interface KindTabsProps {
  readonly kind: Kind | null
  readonly counts: Readonly<Record<Kind, number>> | null
  readonly choose: (kind: Kind | null) => void
}

const choices = [
  { kind: null, label: 'All' },
  { kind: 'dataset', label: 'Datasets' },
  { kind: 'collection', label: 'Collections' },
  { kind: 'file', label: 'Files' },
] as const

/** Which kind of things is shown, with how many of each were found. */
export function KindTabs({ kind, counts, choose }: KindTabsProps) {
  return (
    <Group role="group" aria-label="Kind" gap={6}>
      {choices.map(({ kind: one, label }) => (
        <UnstyledButton key={label} className={style.kind} aria-pressed={one === kind} onClick={() => choose(one)}>
          {label}
          {counts && one !== null && <span className={style.count}>{countText(counts[one])}</span>}
        </UnstyledButton>
      ))}
    </Group>
  )
}
