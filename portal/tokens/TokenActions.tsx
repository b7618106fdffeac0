import { Button, Group, Menu } from '@mantine/core'
import {
  IconCalendarPlus,
  IconChevronDown,
  IconPencil,
  IconRefresh,
  IconRotate2,
  IconScissors,
  IconTrash,
} from '@tabler/icons-react'
import { addressOf } from '#portal/kit/ask.ts'
import { isLive, type Token } from './token.ts'
import { useTokenActs } from './token-acts.ts'

interface TokenActionsProps {
  readonly token: Token
  /** Whether the person may come to hold its successor's secret: of their own, or of a service account's. */
  readonly maySucceed?: boolean
}

/** What can be done to a token; a dead one can still be made anew, unless something took its place. */
export function TokenActions({ token, maySucceed = true }: TokenActionsProps) {
  const { ask } = useTokenActs()
  const live = isLive(token)
  const replaced = token.successor !== null
  return (
    <Group gap="xs">
      {maySucceed && !replaced && (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => ask('recreate', token)}
        >
          Recreate Token
        </Button>
      )}
      {live && (
        <>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => ask('revoke', token)}
            data-acts-of={token.id}
          >
            Delete Token
          </Button>
          <MoreActs token={token} mayRotate={maySucceed && !replaced} />
        </>
      )}
    </Group>
  )
}

function MoreActs({ token, mayRotate }: { token: Token; mayRotate: boolean }) {
  const { ask } = useTokenActs()
  const calendar = addressOf('GET /v1/tokens/:token/calendar.ics', { params: { token: token.id } })
  return (
    <Menu position="bottom-start" returnFocus>
      <Menu.Target>
        <Button
          size="sm"
          variant="default"
          rightSection={<IconChevronDown size={16} aria-hidden />}
          aria-label={`More for ${token.name}`}
        >
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {mayRotate && (
          <Menu.Item leftSection={<IconRotate2 size={16} aria-hidden />} onClick={() => ask('rotate', token)}>
            Rotate with overlap…
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconScissors size={16} aria-hidden />} onClick={() => ask('narrow', token)}>
          Narrow…
        </Menu.Item>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => ask('rename', token)}>
          Rename…
        </Menu.Item>
        <Menu.Item
          component="a"
          href={calendar}
          download={`${token.name}.ics`}
          leftSection={<IconCalendarPlus size={16} aria-hidden />}
        >
          Add to calendar (.ics)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
