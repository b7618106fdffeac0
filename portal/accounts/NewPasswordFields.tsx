import { PasswordInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useInstance } from '#portal/instance/instance.ts'

export interface NewPassword {
  new_password: string
  repeated: string
}

/** What can be said before the server is asked, which alone decides. */
export const newPasswordChecks = (minimumLength: number) => ({
  new_password: (value: string) =>
    [...value.normalize('NFKC')].length < minimumLength ? `At least ${minimumLength} characters.` : null,
  repeated: (value: string, { new_password }: NewPassword) =>
    value === new_password ? null : 'The two are not the same.',
})

/** The new password, twice, and the rules that it is held to. */
export function NewPasswordFields<T extends NewPassword>({ form }: { form: UseFormReturnType<T> }) {
  const { password_minimum_length } = useInstance()
  return (
    <>
      <PasswordInput
        label="New password"
        description={`At least ${password_minimum_length} characters, any you like, spaces too: a few unrelated words make a good one. Common words, rows of keys and your own names do not count.`}
        autoComplete="new-password"
        required
        key={form.key('new_password')}
        {...form.getInputProps('new_password')}
      />
      <PasswordInput
        label="New password, once more"
        autoComplete="new-password"
        required
        key={form.key('repeated')}
        {...form.getInputProps('repeated')}
      />
    </>
  )
}
