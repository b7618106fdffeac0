import { Button, Group, Paper, Stack, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import { AdminOwnerField } from './AdminOwnerField.tsx'
import type { Account } from './admin-account.ts'
import { useAccountChange } from './use-account-change.ts'

/** The details of somebody's account; of a service account also who answers for it. */
export function AdminAccountForm({ account }: { account: Account }) {
  const { kind, user_name, display_name, first_name, last_name, email, owner_id, owner_name } = account
  const form = useForm({
    initialValues: {
      display_name,
      first_name: first_name ?? '',
      last_name: last_name ?? '',
      email: email ?? '',
      owner: owner_id === null ? null : { id: owner_id, name: owner_name ?? owner_id },
    },
  })
  const save = useAccountChange(account, `The details of ${user_name} are saved.`)
  const submit = form.onSubmit(({ owner, ...values }) =>
    save.mutate(
      {
        display_name: values.display_name,
        first_name: values.first_name.trim() || null,
        last_name: values.last_name.trim() || null,
        email: values.email.trim() || null,
        ...(owner && owner.id !== owner_id && { owner_id: owner.id }),
      },
      { onError: (error) => form.setErrors(fieldErrors(error)) },
    ),
  )
  return (
    <Paper withBorder p="lg" component="section">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            Details
          </Title>
          {save.error && Object.keys(form.errors).length === 0 && <ProblemAlert error={save.error} />}
          <TextInput label="Display name" required maxLength={120} {...form.getInputProps('display_name')} />
          {kind === 'person' && (
            <Group grow align="flex-start" preventGrowOverflow={false}>
              <TextInput label="First name" maxLength={80} {...form.getInputProps('first_name')} />
              <TextInput label="Last name" maxLength={80} {...form.getInputProps('last_name')} />
            </Group>
          )}
          <TextInput
            label="E-mail"
            description="Notices about API tokens go here."
            type="email"
            maxLength={254}
            {...form.getInputProps('email')}
          />
          {kind === 'service' && (
            <AdminOwnerField
              value={form.values.owner}
              onChange={(owner) => form.setFieldValue('owner', owner)}
              error={form.errors.owner_id}
            />
          )}
          <Group justify="flex-end" gap="xs">
            {form.isDirty() && (
              <Button variant="subtle" onClick={form.reset}>
                Undo
              </Button>
            )}
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
