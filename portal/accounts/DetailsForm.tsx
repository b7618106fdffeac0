import { Button, Group, Paper, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { You } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import { invalidate } from '#portal/kit/queries.ts'

const valuesOf = ({ display_name, first_name, last_name, email }: You['account']) => ({
  display_name,
  first_name: first_name ?? '',
  last_name: last_name ?? '',
  email: email ?? '',
})

/** What a person may change about the own account. */
export function DetailsForm({ account }: { account: You['account'] }) {
  const form = useForm({ initialValues: valuesOf(account) })
  const save = useMutation({
    mutationFn: ({ display_name, first_name, last_name, email }: ReturnType<typeof valuesOf>) =>
      ask('PATCH /v1/accounts/current', {
        body: {
          display_name,
          first_name: first_name.trim() || null,
          last_name: last_name.trim() || null,
          email: email.trim() || null,
        },
      }),
    onSuccess: async (saved) => {
      form.setInitialValues(valuesOf(saved))
      form.reset()
      notifyDone('Your details are saved.')
      await invalidate('GET /v1/instance')
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  const changed = form.isDirty()
  return (
    <Paper withBorder p="lg">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="sm">
          {save.error && Object.keys(form.errors).length === 0 && <ProblemAlert error={save.error} />}
          <TextInput
            label="Display name"
            description="How others see you."
            autoComplete="name"
            required
            maxLength={120}
            {...form.getInputProps('display_name')}
          />
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <TextInput
              label="First name"
              autoComplete="given-name"
              maxLength={80}
              {...form.getInputProps('first_name')}
            />
            <TextInput
              label="Last name"
              autoComplete="family-name"
              maxLength={80}
              {...form.getInputProps('last_name')}
            />
          </Group>
          <TextInput
            label="E-mail"
            description="Notices about your API tokens go here: before they expire, and when one has leaked."
            type="email"
            autoComplete="email"
            maxLength={254}
            {...form.getInputProps('email')}
          />
          <Group justify="flex-end" gap="xs">
            {changed && (
              <Button variant="subtle" onClick={form.reset}>
                Undo
              </Button>
            )}
            <Button type="submit" loading={save.isPending} disabled={!changed}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
