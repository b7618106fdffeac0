import { may, type You } from '#portal/instance/instance.ts'

/** The parts of the portal that stand in its head, and the parts of the admin console: for whom each is there. */
export const sections = [
  { to: '/explore', label: 'Explore' },
  { to: '/reports', label: 'Reports' },
  { to: '/subscriptions', label: 'Subscriptions' },
  { to: '/models', label: 'Models' },
  { to: '/datasets', label: 'Datasets' },
  { to: '/docs', label: 'API docs' },
] as const

export const adminSections = [
  { to: '/admin/tokens', label: 'API tokens', permission: 'tokens:admin' },
  { to: '/admin/accounts', label: 'Accounts', permission: 'accounts:admin' },
  { to: '/admin/runs', label: 'Runs', permission: 'runs:admin' },
  { to: '/admin/outbox', label: 'Outbox', permission: 'settings:read' },
  { to: '/admin/holiday-calendars', label: 'Holiday calendars', permission: 'calendars:write' },
  { to: '/admin/audit', label: 'Audit log', permission: 'audit:read' },
  { to: '/admin/settings', label: 'Settings', permission: 'settings:read' },
  { to: '/admin/health', label: 'Health', permission: 'settings:read' },
] as const

export const adminSectionsOf = (you: You | null) => adminSections.filter(({ permission }) => may(you, permission))

/** The parts of My Profile; there is no talk of API tokens where they are switched off. */
export const profileSections = [
  { to: '/profile', label: 'Details' },
  { to: '/profile/password', label: 'Password' },
  { to: '/profile/sessions', label: 'Sessions' },
  { to: '/profile/token', label: 'API Token' },
] as const

export const profileSectionsOf = ({ personal_tokens }: { personal_tokens: boolean }) =>
  profileSections.filter(({ to }) => personal_tokens || to !== '/profile/token')
