import { Button, Group, Select, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { KeepFocus } from '#portal/kit/KeepFocus.tsx'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { AssigneeField } from './AssigneeField.tsx'
import {
  type Assignment,
  assigneeWords,
  assignmentsQuery,
  giveRole,
  type Place,
  type Role,
  rolesChanged,
  takeRole,
} from './assignments.ts'

interface AssignmentsProps {
  readonly place: Place
  /** The collection whose roles can be given here. */
  readonly collection: string
  /** What stands first in the field: `contributor`. */
  readonly usual: string
}

/** Who has which role here, with a way to give and to take. */
export function Assignments({ place, collection, usual }: AssignmentsProps) {
  const { data } = useSuspenseQuery(assignmentsQuery(place))
  const { data: roles } = useSuspenseQuery(query('GET /v1/collections/:collection/roles', { params: { collection } }))
  const [taking, setTaking] = useState<Assignment | null>(null)
  const take = useMutation({
    mutationFn: takeRole,
    onSuccess: (_, taken) => {
      notifyDone(`${assigneeWords(taken)}: ${taken.role.name} is taken away.`)
      setTaking(null)
      void rolesChanged()
    },
  })
  return (
    <KeepFocus>
      <Stack gap="md">
        <GiveRole place={place} roles={roles.items} usual={usual} />
        {data.items.length === 0 ? (
          <Text c="dimmed">Nobody has a role on this itself; roles from above hold.</Text>
        ) : (
          <WideTable label="Roles" minWidth={300}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Who</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th visibleFrom="sm">Given on</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Acts</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    {assigneeWords(one)}
                    {!one.assignee.startsWith(':') && one.assignee !== assigneeWords(one) && (
                      <Text size="sm" c="dimmed">
                        {one.assignee}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    {one.role.name}
                    <Text size="sm" c="dimmed" hiddenFrom="sm">
                      {givenOn(one, place)}
                    </Text>
                  </Table.Td>
                  <Table.Td visibleFrom="sm">{givenOn(one, place)}</Table.Td>
                  <Table.Td ta="right">
                    {one.on.type === place.type && (
                      <Button size="compact-sm" variant="default" onClick={() => setTaking(one)}>
                        Take away
                        <VisuallyHidden>
                          {' '}
                          {one.role.name} from {assigneeWords(one)}
                        </VisuallyHidden>
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </WideTable>
        )}
        <ConfirmDialog
          opened={taking !== null}
          close={() => setTaking(null)}
          title={taking === null ? '' : `Take ${taking.role.name} from ${assigneeWords(taking)}?`}
          confirm="Take away"
          onConfirm={() => taking && take.mutate(taking)}
          busy={take.isPending}
          error={take.error}
        >
          What they may do by other roles, here or above, stays.
        </ConfirmDialog>
      </Stack>
    </KeepFocus>
  )
}

const givenOn = ({ on }: Assignment, place: Place): string =>
  on.type === place.type ? `this ${on.type}` : `its ${on.type}`

function GiveRole({ place, roles, usual }: { place: Place; roles: readonly Role[]; usual: string }) {
  const [assignee, setAssignee] = useState<string | null>(null)
  const [role, setRole] = useState<string | null>(roles.some(({ alias }) => alias === usual) ? usual : null)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => giveRole(place, { assignee: assignee ?? '', role: role ?? '' }),
    onSuccess: (given) => {
      notifyDone(`${assigneeWords(given)}: ${given.role.name} is given.`)
      setAssignee(null)
      void rolesChanged()
    },
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        mutate()
      }}
    >
      <Stack gap="xs">
        <Group gap="sm" align="flex-end">
          <AssigneeField value={assignee} onChange={setAssignee} />
          <Select
            label="Role"
            data={roles.map(({ alias, name }) => ({ value: alias, label: name }))}
            value={role}
            onChange={setRole}
            allowDeselect={false}
            w={260}
            maw="100%"
          />
          <Button type="submit" loading={isPending} disabled={assignee === null || role === null}>
            Give role
          </Button>
        </Group>
        <Text size="sm" c="dimmed" mih={20}>
          {roles.find(({ alias }) => alias === role)?.description}
        </Text>
        {error && <ProblemAlert error={error} />}
      </Stack>
    </form>
  )
}
