import { Button, Checkbox, Group, Modal, Stack, Table, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { Collection } from '../deposit/repository.ts'
import { type Role, rolesChanged } from './assignments.ts'
import { permissionWords } from './permission-words.ts'

/** The roles that come with the product, and a collection's own, which can be made and deleted. */
export function CustomRoles({ collection }: { collection: Collection }) {
  const { data } = useSuspenseQuery(
    query('GET /v1/collections/:collection/roles', { params: { collection: collection.alias } }),
  )
  const [isMaking, setMaking] = useState(false)
  const [deleting, setDeleting] = useState<Role | null>(null)
  const remove = useMutation({
    mutationFn: (role: Role) => ask('DELETE /v1/repository-roles/:role', { params: { role: String(role.id) } }),
    onSuccess: (_, { name }) => {
      notifyDone(`The role ${name} is deleted.`)
      setDeleting(null)
      void rolesChanged()
    },
  })
  return (
    <>
      <WideTable label="Roles that can be given" minWidth={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Role</Table.Th>
            <Table.Th>Who has it may</Table.Th>
            <Table.Th>
              <VisuallyHidden>Acts</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.items.map((role) => (
            <Table.Tr key={role.id}>
              <Table.Td>{role.name}</Table.Td>
              <Table.Td>
                <Text size="sm">
                  {role.description || role.permissions.map((one) => permissionWords[one]).join(', ')}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                {role.collection_id === collection.id && (
                  <Button size="compact-sm" variant="default" onClick={() => setDeleting(role)}>
                    Delete
                    <VisuallyHidden> {role.name}</VisuallyHidden>
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      <Group>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          Make a role…
        </Button>
      </Group>
      {isMaking && <MakeRole collection={collection} onClose={() => setMaking(false)} />}
      <ConfirmDialog
        opened={deleting !== null}
        close={() => setDeleting(null)}
        title={`Delete the role ${deleting?.name}?`}
        confirm="Delete"
        onConfirm={() => deleting && remove.mutate(deleting)}
        busy={remove.isPending}
        error={remove.error}
      >
        Whoever has it loses it.
      </ConfirmDialog>
    </>
  )
}

const order = Object.keys(permissionWords) as (keyof typeof permissionWords)[]

function MakeRole({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [permissions, setPermissions] = useState<string[]>([])
  const alias = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      ask('POST /v1/collections/:collection/roles', {
        params: { collection: collection.alias },
        body: { alias, name, description, permissions: permissions as Role['permissions'] },
        headers: { 'idempotency-key': idempotencyKey() },
      }),
    onSuccess: (made) => {
      notifyDone(`The role ${made.name} can be given.`)
      onClose()
      void rolesChanged()
    },
  })
  const says = fieldErrors(error)
  return (
    <Modal opened onClose={onClose} title="Make a role" size="lg" closeOnClickOutside={!isPending}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          mutate()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            required
            data-autofocus
            error={says.name ?? says.alias}
          />
          <TextInput
            label="Description"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            maxLength={1000}
            error={says.description}
          />
          <Checkbox.Group label="Who has it may" value={permissions} onChange={setPermissions} error={says.permissions}>
            <Stack gap={6} mt={4}>
              {order.map((one) => (
                <Checkbox key={one} value={one} label={permissionWords[one]} />
              ))}
            </Stack>
          </Checkbox.Group>
          {error && Object.keys(says).length === 0 && <ProblemAlert error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={isPending}>
              Cancel
            </Button>
            <Button type="submit" loading={isPending} disabled={alias === '' || permissions.length === 0}>
              Make the role
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
