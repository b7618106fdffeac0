import { Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useInstance } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import { invalidate } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { type NewPassword, NewPasswordFields, newPasswordChecks } from './NewPasswordFields.tsx'

interface Change extends NewPassword {
  current_password: string
}

/** Changing one's password, with the current one as proof. */
export function PasswordPage() {
  const { password_minimum_length, you } = useInstance()
  const form = useForm<Change>({
    mode: 'uncontrolled',
    initialValues: { current_password: '', new_password: '', repeated: '' },
    validate: newPasswordChecks(password_minimum_length),
  })
  const change = useMutation({
    mutationFn: ({ current_password, new_password }: Change) =>
      ask('PUT /v1/accounts/current/password', { body: { current_password, new_password } }),
    gcTime: 0,
    onSuccess: async () => {
      form.reset()
      notifyDone('Your password is changed. All your other sessions have ended.')
      await invalidate('GET /v1/instance', 'GET /v1/sessions')
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  const changedAt = you?.account.password_changed_at ?? null
  return (
    <Stack gap="md" maw={460}>
      <div>
        <Title order={2} size="h3">
          Password
        </Title>
        <Text c="dimmed" size="sm">
          {changedAt && (
            <>
              Last changed <Time at={changedAt} />.{' '}
            </>
          )}
          A new one ends your sessions in all other browsers. API tokens go on working.
        </Text>
      </div>
      <Paper withBorder p="lg">
        <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
          <Stack gap="sm">
            {change.error && Object.keys(form.errors).length === 0 && <ProblemAlert error={change.error} />}
            <input type="text" name="username" autoComplete="username" value={you?.account.user_name} readOnly hidden />
            <PasswordInput
              label="Current password"
              autoComplete="current-password"
              required
              key={form.key('current_password')}
              {...form.getInputProps('current_password')}
            />
            <NewPasswordFields form={form} />
            <Button type="submit" loading={change.isPending} mt="xs">
              Change password
            </Button>
          </Stack>
        </form>
      </Paper>
    </Stack>
  )
}
