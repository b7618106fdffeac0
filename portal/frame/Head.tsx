import { Box, Burger, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useInstance } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { ColourScheme } from './ColourScheme.tsx'
import style from './Head.module.css'
import { PaletteButton } from './PaletteButton.tsx'
import { adminSectionsOf, sections } from './sections.ts'
import { WhoIsHere } from './WhoIsHere.tsx'

// Not there when a page is first drawn.
const InboxLink = lazy(() =>
  import('#portal/subscriptions/InboxLink.tsx').then(({ InboxLink: component }) => ({ default: component })),
)

interface HeadProps {
  readonly menu: { readonly opened: boolean; readonly toggle: () => void }
  readonly openPalette: () => void
}

/** The head of every page: name and sign-in on the left, sections in the middle, My Profile on the far right. */
export function Head({ menu, openPalette }: HeadProps) {
  const { title, you } = useInstance()
  return (
    <Group h="100%" px={{ base: 'xs', sm: 'md' }} gap={8} justify="space-between" wrap="nowrap">
      <Group gap={8} wrap="nowrap" miw={0}>
        <Burger
          opened={menu.opened}
          onClick={menu.toggle}
          hiddenFrom="md"
          size="sm"
          aria-label="Menu"
          aria-expanded={menu.opened}
        />
        <Link to="/" className={style.home} aria-label={`${title}: start page`}>
          <img src="/icon.svg" alt="" width={26} height={26} />
          <Box component="span" visibleFrom="sm" className={style.title}>
            {title}
          </Box>
        </Link>
        <WhoIsHere you={you} />
      </Group>
      <Group component="nav" aria-label="Sections" gap={0} h="100%" wrap="nowrap" visibleFrom="md">
        {sections.map(({ to, label }) => (
          <Link key={to} to={to} className={style.section}>
            {label}
          </Link>
        ))}
        {adminSectionsOf(you).length > 0 && (
          <Link to="/admin" className={style.section}>
            Admin console
          </Link>
        )}
      </Group>
      <Group gap={8} wrap="nowrap">
        <PaletteButton open={openPalette} />
        {you && (
          <Suspense fallback={null}>
            <InboxLink />
          </Suspense>
        )}
        <Group visibleFrom="sm">
          <ColourScheme />
        </Group>
        {you && (
          <ButtonLink
            to="/profile"
            variant="default"
            size="compact-md"
            fz="sm"
            px={{ base: 'xs', sm: 'sm' }}
            style={{ flexShrink: 0 }}
          >
            My Profile
          </ButtonLink>
        )}
      </Group>
    </Group>
  )
}
