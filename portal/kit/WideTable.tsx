import { Table, type TableProps } from '@mantine/core'

interface WideTableProps extends TableProps {
  /** What the table lists, for those who come to it by keyboard or by ear. */
  readonly label: string
  /** Below this width the table moves sideways inside its frame, and the page stays. */
  readonly minWidth: number
}

/** A table that may be wider than the screen. */
export function WideTable({ label, minWidth, children, ...table }: WideTableProps) {
  return (
    // Words that are only heard stand where the frame is positioned: without that, they widen the page.
    <Table.ScrollContainer
      minWidth={minWidth}
      type="native"
      tabIndex={0}
      role="region"
      aria-label={label}
      pos="relative"
    >
      <Table verticalSpacing="xs" aria-label={label} {...table}>
        {children}
      </Table>
    </Table.ScrollContainer>
  )
}
