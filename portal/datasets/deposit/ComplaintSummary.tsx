import { Alert, Anchor, List } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { countedText } from '#portal/kit/figures.ts'
import type { Block, Complaints } from './metadata.ts'

interface ComplaintSummaryProps {
  readonly blocks: readonly Block[]
  readonly complaints: Complaints
}

/** All fields that want something, each a way to its place; it takes the focus when it comes. */
export function ComplaintSummary({ blocks, complaints }: ComplaintSummaryProps) {
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (complaints.size > 0) alert.current?.focus()
  }, [complaints])
  return (
    <Alert
      ref={alert}
      tabIndex={-1}
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${countedText(complaints.size, 'field wants', 'fields want')} something before this can be saved`}
    >
      <List size="sm">
        {[...complaints].map(([place, says]) => (
          <List.Item key={place}>
            <Anchor component="button" type="button" fz="sm" onClick={() => goTo(place)}>
              {labelAt(blocks, place)}
            </Anchor>
            : {says}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

function labelAt(blocks: readonly Block[], place: string): string {
  const [block, name, ...rest] = place.split('/')
  const field = blocks.find((one) => one.name === block)?.fields.find((one) => one.name === name)
  const part = field?.children?.find((child) => rest.includes(child.name))
  return part?.display_name ?? field?.display_name ?? place
}

/** The focus goes into what is marked as wrong, or to the first that can be written into. */
function goTo(place: string): void {
  const [block, name] = place.split('/')
  const box = document.querySelector(`[data-field="${CSS.escape(`${block}/${name}`)}"]`)
  const input =
    box?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? box?.querySelector<HTMLElement>('input, textarea')
  box?.scrollIntoView({ block: 'center' })
  input?.focus({ preventScroll: true })
}
