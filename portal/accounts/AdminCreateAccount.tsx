import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import { invalidate } from '#portal/kit/queries.ts'
import { AdminOwnerField } from './AdminOwnerField.tsx'
import { AdminPasswordLink, type PasswordLink } from './AdminPasswordLink.tsx'
import { type Account, type Role, roleChoices } from './admin-account.ts'
import { roleWords } from './role-words.ts'

/** Makes an account. A person gets a one-time link to set a password; a service account gets tokens. */
export function AdminCreateAccount({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [invited, setInvited] = useState<{ account: Account; link: PasswordLink } | null>(null)
  const navigate = useNavigate()
  const finish = (account: Account) =>
    void navigate({ to: '/admin/accounts/$account', params: { account: account.id } })
  return (
    <>
      <Modal opened={opened} onClose={onClose} title="Create account" size="lg">
        <CreateForm
          onCancel={onClose}
          onCreated={(account, link) => {
            onClose()
            if (link) setInvited({ account, link })
            else finish(account)
          }}
        />
      </Modal>
      <AdminPasswordLink
        link={invited?.link ?? null}
        userName={invited?.account.user_name ?? ''}
        onClose={() => {
          setInvited(null)
          if (invited) finish(invited.account)
        }}
      />
    </>
  )
}

interface CreateFormProps {
  readonly onCancel: () => void
  readonly onCreated: (account: Account, link: PasswordLink | null) => void
}

function CreateForm({ onCancel, onCreated }: CreateFormProps) {
  const you = useYou()
  const form = useForm({
    initialValues: {
      kind: 'person' as Account['kind'],
      user_name: '',
      display_name: '',
      email: '',
      role: 'member' as Role,
      owner: you ? { id: you.account.id, name: you.account.user_name } : null,
    },
  })
  const { kind, role, owner } = form.values
  // Asked again after a failure on the way, the same account is answered, not a second one made.
  const attempt = useRef({ of: '', key: '' })
  const create = useMutation({
    gcTime: 0,
    mutationFn: async (values: typeof form.values) => {
      const body = {
        kind: values.kind,
        user_name: values.user_name.trim(),
        role: values.role,
        ...(values.display_name.trim() && { display_name: values.display_name.trim() }),
        ...(values.kind === 'person' && values.email.trim() && { email: values.email.trim() }),
        ...(values.kind === 'service' && values.owner && { owner_id: values.owner.id }),
      }
      const of = JSON.stringify(body)
      if (attempt.current.of !== of) attempt.current = { of, key: idempotencyKey() }
      const account = await ask('POST /v1/accounts', { body, headers: { 'idempotency-key': attempt.current.key } })
      const link =
        account.kind === 'person'
          ? await ask('POST /v1/accounts/:account/password-link', { params: { account: account.id } })
          : null
      return { account, link }
    },
    onSuccess: ({ account, link }) => {
      notifyDone(`The account ${account.user_name} is made.`)
      onCreated(account, link)
      create.reset()
    },
    onSettled: () => invalidate('GET /v1/accounts'),
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack gap="sm">
        {create.error && Object.keys(form.errors).length === 0 && <ProblemAlert error={create.error} />}
        <Radio.Group label="For" {...form.getInputProps('kind')}>
          <Group mt={4}>
            <Radio value="person" label="A person" />
            <Radio value="service" label="A service: a program, a cron job, an integration" />
          </Group>
        </Radio.Group>
        <TextInput
          label="User name"
          description="Letters, digits and ._@+-; it stays for good."
          required
          maxLength={64}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('user_name')}
        />
        <TextInput label="Display name" maxLength={120} autoComplete="off" {...form.getInputProps('display_name')} />
        {kind === 'person' && (
          <TextInput label="E-mail" type="email" maxLength={254} autoComplete="off" {...form.getInputProps('email')} />
        )}
        <Select
          label="Role"
          description={roleWords[role]}
          data={[...roleChoices]}
          allowDeselect={false}
          {...form.getInputProps('role')}
        />
        {kind === 'service' && (
          <AdminOwnerField
            value={owner}
            onChange={(chosen) => form.setFieldValue('owner', chosen)}
            error={form.errors.owner_id}
          />
        )}
        <Text size="sm" c="dimmed">
          {kind === 'person'
            ? 'You get a one-time link to pass on, with which they set their own password within 72 hours.'
            : 'It never signs in: give it API tokens afterwards.'}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create account
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
