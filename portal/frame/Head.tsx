import { Group } from '@mantine/core'
import { useInstance } from '#portal/instance/instance.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { adminSectionsOf, sections } from './sections.ts'

export function Head() {
  const { title, you } = useInstance()
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap">
      <Group gap="md" wrap="nowrap">
        <TextLink to="/">{title}</TextLink>
        {you ? (
          you.account.display_name
        ) : (
          <ButtonLink to="/sign-in" size="compact-sm">
            Sign In
          </ButtonLink>
        )}
        {sections.map(({ to, label }) => (
          <TextLink key={to} to={to}>
            {label}
          </TextLink>
        ))}
        {adminSectionsOf(you).length > 0 && <TextLink to="/admin">Admin</TextLink>}
      </Group>
      {you && (
        <ButtonLink to="/profile" variant="default" size="compact-sm">
          My Profile
        </ButtonLink>
      )}
    </Group>
  )
}
