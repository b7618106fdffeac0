import { Button, Group } from '@mantine/core'
import {
  IconCalendarPlus,
  IconPencil,
  type IconProps,
  IconRefresh,
  IconRotate2,
  IconScissors,
  IconTrash,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { addressOf } from '#portal/kit/ask.ts'
import { isLive, type Token } from './token.ts'
import { type Act, useTokenActs } from './token-acts.ts'

interface TokenActionsProps {
  readonly token: Token
  /** Whether the person may come to hold its successor's secret: of their own, or of a service account's. */
  readonly maySucceed?: boolean
}

/** What can be done to a token; a dead one can still be made anew, unless something took its place. */
export function TokenActions({ token, maySucceed = true }: TokenActionsProps) {
  const live = isLive(token)
  const succeeds = maySucceed && token.successor === null
  const calendar = addressOf('GET /v1/tokens/:token/calendar.ics', { params: { token: token.id } })
  return (
    <Group gap="xs" role="group" aria-label={`What to do with ${token.name}`}>
      {succeeds && <ActButton act="recreate" token={token} icon={IconRefresh} label="Recreate Token" />}
      {live && <ActButton act="revoke" token={token} icon={IconTrash} label="Delete Token" />}
      {live && succeeds && <ActButton act="rotate" token={token} icon={IconRotate2} label="Rotate…" quiet />}
      {live && <ActButton act="narrow" token={token} icon={IconScissors} label="Narrow…" quiet />}
      {live && <ActButton act="rename" token={token} icon={IconPencil} label="Rename…" quiet />}
      {live && (
        <Button
          component="a"
          href={calendar}
          download={`${token.name}.ics`}
          size="sm"
          px="xs"
          variant="subtle"
          leftSection={<IconCalendarPlus size={16} aria-hidden />}
        >
          Add to calendar
        </Button>
      )}
    </Group>
  )
}

interface ActButtonProps {
  readonly act: Act
  readonly token: Token
  readonly icon: ComponentType<IconProps>
  readonly label: string
  readonly quiet?: boolean
}

function ActButton({ act, token, icon: Icon, label, quiet = false }: ActButtonProps) {
  const { ask } = useTokenActs()
  return (
    <Button
      size="sm"
      {...(quiet && { px: 'xs' })}
      variant={quiet ? 'subtle' : 'default'}
      leftSection={<Icon size={16} aria-hidden />}
      onClick={() => ask(act, token)}
    >
      {label}
    </Button>
  )
}
