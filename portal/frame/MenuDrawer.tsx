import { Divider, Drawer, NavLink, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core'
import { useDidUpdate } from '@mantine/hooks'
import { Link, useRouterState } from '@tanstack/react-router'
import { useInstance } from '#portal/instance/instance.ts'
import { useOpened } from '#portal/kit/use-opened.ts'
import { colourSchemes } from './ColourScheme.tsx'
import { adminSectionsOf, profileSectionsOf, sections } from './sections.ts'

/** What the head has no room for on a phone: all sections, one below the other. */
export function MenuDrawer({ opened, close }: { opened: boolean; close: () => void }) {
  const instance = useInstance()
  const { you } = instance
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  useDidUpdate(close, [path])
  const groups = [
    { label: 'Sections', links: sections },
    { label: 'My Profile', links: you ? profileSectionsOf(instance) : [] },
    { label: 'Admin console', links: adminSectionsOf(you) },
  ].filter(({ links }) => links.length > 0)
  return (
    <Drawer
      opened={useOpened(opened)}
      onClose={close}
      size={300}
      title={you ? `Hello, ${you.account.display_name}` : 'Menu'}
    >
      <Stack gap="xs">
        {groups.map(({ label, links }) => (
          <nav key={label} aria-label={label}>
            <Text size="xs" fw={600} c="dimmed" px="sm">
              {label}
            </Text>
            {links.map(({ to, label: name }) => (
              <NavLink
                key={to}
                component={Link}
                to={to}
                label={name}
                active={to === '/profile' ? path === to : path.startsWith(to)}
                onClick={close}
              />
            ))}
          </nav>
        ))}
        <Divider />
        <SegmentedControl
          fullWidth
          aria-label="Colours"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={colourSchemes.map(({ value, label }) => ({ value, label: value === 'auto' ? 'System' : label }))}
        />
      </Stack>
    </Drawer>
  )
}
