import { useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { signOut } from '#portal/accounts/sign-out.ts'
import { may, useInstance } from '#portal/instance/instance.ts'
import { notifyProblem } from '#portal/kit/notify.ts'
import { query } from '#portal/kit/queries.ts'
import { colourSchemes } from './ColourScheme.tsx'
import type { Command } from './palette-matches.ts'
import { adminSectionsOf, profileSectionsOf, sections } from './sections.ts'
import { openSignIn } from './sign-in-dialog.ts'

/** Everything that the one who asks may do or go to, without what only the server can find. */
export function useCommands(): Command[] {
  return [...usePages(), ...useModels(), ...useActions()]
}

function usePages(): Command[] {
  const { navigate } = useRouter()
  const instance = useInstance()
  const { you } = instance
  const page = (group: string, { to, label }: { to: string; label: string }, keywords = ''): Command => ({
    id: to,
    label,
    group,
    keywords,
    run: () => navigate({ to }),
  })
  return [
    page('Pages', { to: '/', label: 'Start' }, 'home'),
    ...sections.map((section) => page('Pages', section)),
    page('Pages', { to: '/docs/problems', label: 'Problems' }, 'errors codes'),
    ...(you
      ? [
          page('Pages', { to: '/inbox', label: 'Inbox' }, 'reports delivered mail'),
          page('Pages', { to: '/runs', label: 'Runs' }, 'background work refreshes'),
        ]
      : []),
    ...(may(you, 'subscriptions:write')
      ? [page('Pages', { to: '/subscriptions/new', label: 'New subscription' }, 'create schedule send report')]
      : []),
    ...(you ? profileSectionsOf(instance).map((section) => page('My Profile', section, 'account')) : []),
    ...adminSectionsOf(you).map((section) => page('Admin console', section, 'administration')),
  ]
}

function useModels(): Command[] {
  const { navigate } = useRouter()
  const { data } = useQuery(query('GET /v1/models'))
  return (data?.models ?? []).flatMap(({ name, label, may }) => [
    ...(may.query
      ? [
          {
            id: `explore ${name}`,
            label: `Explore ${label}`,
            group: 'Explore',
            keywords: name,
            run: () => navigate({ to: '/explore/$model', params: { model: name } }),
          },
        ]
      : []),
    {
      id: `model ${name}`,
      label: `Model ${label}`,
      group: 'Models',
      keywords: name,
      run: () => navigate({ to: '/models/$model', params: { model: name } }),
    },
  ])
}

function useActions(): Command[] {
  const { navigate } = useRouter()
  const { you, personal_tokens } = useInstance()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const action = (label: string, keywords: string, run: () => unknown): Command => ({
    id: label,
    label,
    group: 'Actions',
    keywords,
    run,
  })
  return [
    ...(you && personal_tokens
      ? [action('Create API Token', 'new generate make', () => navigate({ to: '/profile/token' }))]
      : []),
    ...(may(you, 'reports:write')
      ? [action('New report', 'create make write', () => navigate({ to: '/reports/new' }))]
      : []),
    ...colourSchemes
      .filter(({ value }) => value !== colorScheme)
      .map(({ value, label }) =>
        action(`Colours: ${label}`, 'theme scheme dark light system switch', () => setColorScheme(value)),
      ),
    you
      ? action('Sign Out', 'log out leave', () => signOut().catch(notifyProblem))
      : action('Sign In', 'log in', openSignIn),
  ]
}
