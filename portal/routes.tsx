import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { NotFoundPage } from './frame/NotFoundPage.tsx'
import { PortalFrame } from './frame/PortalFrame.tsx'
import { ProblemPage } from './frame/ProblemPage.tsx'
import { adminSectionsOf } from './frame/sections.ts'
import { instanceQuery } from './instance/instance.ts'
import { lazyPage } from './kit/lazy-page.ts'
import { PageSkeleton } from './kit/PageSkeleton.tsx'
import { begun, queryClient } from './kit/queries.ts'
import { readSearch, writeSearch } from './kit/search.ts'
import { runSearchKeys } from './runs/run-search.ts'
import { readWords } from './warehouse/explore-search.ts'

/** The site map: a page for each address of `paths.ts`, its code fetched when somebody goes there. */
const root = createRootRoute({
  component: PortalFrame,
  notFoundComponent: NotFoundPage,
  loader: () => queryClient.ensureQueryData(instanceQuery),
})

type Text = Record<string, unknown>
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const optional = <K extends string>(search: Text, ...keys: readonly K[]): { [key in K]?: string } =>
  Object.fromEntries(keys.flatMap((key) => (text(search[key]) === undefined ? [] : [[key, text(search[key])]]))) as {
    [key in K]?: string
  }

const ofVersion = ({ search: { version } }: { search: { version?: string } }) =>
  version === undefined ? {} : { version }

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyPage(() => import('./frame/HomePage.tsx'), 'HomePage'),
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Text) => optional(search, 'to'),
  component: lazyPage(() => import('./accounts/SignInPage.tsx'), 'SignInPage'),
})
const setPassword = createRoute({
  getParentRoute: () => root,
  path: '/set-password',
  component: lazyPage(() => import('./accounts/SetPasswordPage.tsx'), 'SetPasswordPage'),
})

const profile = createRoute({
  getParentRoute: () => root,
  path: '/profile',
  component: lazyPage(() => import('./frame/ProfileFrame.tsx'), 'ProfileFrame'),
})
const profileRoutes = [
  createRoute({
    getParentRoute: () => profile,
    path: '/',
    component: lazyPage(() => import('./accounts/ProfilePage.tsx'), 'ProfilePage'),
  }),
  createRoute({
    getParentRoute: () => profile,
    path: '/password',
    component: lazyPage(() => import('./accounts/PasswordPage.tsx'), 'PasswordPage'),
  }),
  createRoute({
    getParentRoute: () => profile,
    path: '/sessions',
    component: lazyPage(() => import('./accounts/SessionsPage.tsx'), 'SessionsPage'),
  }),
  createRoute({
    getParentRoute: () => profile,
    path: '/token',
    component: lazyPage(() => import('./tokens/TokensPage.tsx'), 'TokensPage'),
  }),
] as const

const warehouseRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/explore',
    component: lazyPage(() => import('./warehouse/ChooseModelPage.tsx'), 'ChooseModelPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/explore/$model',
    validateSearch: readWords,
    loader: ({ params }) => Promise.all([begun('GET /v1/models/:model', { params }), begun('GET /v1/models')]),
    component: lazyPage(() => import('./warehouse/ExplorePage.tsx'), 'ExplorePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/explore/$model/rows',
    validateSearch: readWords,
    loader: ({ params }) => Promise.all([begun('GET /v1/models/:model', { params }), begun('GET /v1/models')]),
    component: lazyPage(() => import('./warehouse/RowsPage.tsx'), 'RowsPage'),
  }),
] as const

const subscriptionRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/subscriptions',
    validateSearch: (search: Text) => optional(search, 'search', 'state', 'own'),
    component: lazyPage(() => import('./subscriptions/SubscriptionsPage.tsx'), 'SubscriptionsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/subscriptions/new',
    validateSearch: (search: Text) => optional(search, 'step', 'report'),
    component: lazyPage(() => import('./subscriptions/EditorPage.tsx'), 'NewSubscriptionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/subscriptions/$subscription',
    validateSearch: (search: Text) => optional(search, 'tab', 'test'),
    component: lazyPage(() => import('./subscriptions/SubscriptionPage.tsx'), 'SubscriptionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/subscriptions/$subscription/edit',
    validateSearch: (search: Text) => optional(search, 'step'),
    component: lazyPage(() => import('./subscriptions/EditorPage.tsx'), 'EditSubscriptionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/inbox',
    validateSearch: (search: Text) => optional(search, 'item', 'unread'),
    component: lazyPage(() => import('./subscriptions/InboxPage.tsx'), 'InboxPage'),
  }),
] as const

const reportRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/reports',
    validateSearch: (search: Text) => optional(search, 'search', 'mine'),
    component: lazyPage(() => import('./reports/ReportsPage.tsx'), 'ReportsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/reports/new',
    validateSearch: readWords,
    component: lazyPage(() => import('./reports/NewReportPage.tsx'), 'NewReportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/reports/$report',
    validateSearch: readWords,
    component: lazyPage(() => import('./reports/ReportPage.tsx'), 'ReportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/reports/$report/edit',
    component: lazyPage(() => import('./reports/EditReportPage.tsx'), 'EditReportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/reports/$report/versions',
    component: lazyPage(() => import('./reports/VersionsPage.tsx'), 'VersionsPage'),
  }),
] as const

const modelRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/models',
    component: lazyPage(() => import('./models/ModelsPage.tsx'), 'ModelsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/models/$model',
    validateSearch: (search: Text) => optional(search, 'tab', 'find'),
    loader: ({ params }) => begun('GET /v1/models/:model', { params }),
    component: lazyPage(() => import('./models/ModelPage.tsx'), 'ModelPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    validateSearch: (search: Text) => optional(search, ...runSearchKeys),
    component: lazyPage(() => import('./runs/RunsPage.tsx'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$run',
    component: lazyPage(() => import('./runs/RunPage.tsx'), 'RunPage'),
  }),
] as const

// Only so that what takes all that follows doesn't take nothing as well: the list stands at this very address.
const datasets = createRoute({ getParentRoute: () => root, path: '/datasets' })
const datasetsRoutes = [
  createRoute({
    getParentRoute: () => datasets,
    path: '/',
    validateSearch: readWords,
    component: lazyPage(() => import('./datasets/DatasetsPage.tsx'), 'DatasetsPage'),
  }),
  createRoute({
    getParentRoute: () => datasets,
    path: '/$',
    validateSearch: (search: Text) =>
      optional(search, 'version', 'tab', 'find', 'directory', 'type', 'access', 'sort', 'with'),
    beforeLoad: async ({ location, params }) => {
      if (!location.hash.startsWith('preview=')) return
      const { takePreviewLink } = await import('./datasets/preview-link.ts')
      takePreviewLink(location.hash)
      throw redirect({ to: '/datasets/$', params, search: { version: 'draft' }, hash: '', replace: true })
    },
    loaderDeps: ofVersion,
    loader: ({ params: { _splat: dataset = '' }, deps }) =>
      begun('GET /v1/datasets/:dataset', { params: { dataset }, query: deps }),
    component: lazyPage(() => import('./datasets/DatasetPage.tsx'), 'DatasetPage'),
  }),
] as const
const collectionRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/collections/$collection',
    validateSearch: readWords,
    loader: ({ params }) => begun('GET /v1/collections/:collection', { params }),
    component: lazyPage(() => import('./datasets/CollectionPage.tsx'), 'CollectionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/collections/$collection/new',
    component: lazyPage(() => import('./datasets/collections/NewCollectionPage.tsx'), 'NewCollectionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/collections/$collection/edit',
    component: lazyPage(() => import('./datasets/collections/EditCollectionPage.tsx'), 'EditCollectionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/collections/$collection/permissions',
    component: lazyPage(
      () => import('./datasets/permissions/CollectionPermissionsPage.tsx'),
      'CollectionPermissionsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/deposit',
    validateSearch: (search: Text) => optional(search, 'collection'),
    component: lazyPage(() => import('./datasets/deposit/NewDatasetPage.tsx'), 'NewDatasetPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/deposit/$dataset',
    validateSearch: (search: Text) => optional(search, 'tab'),
    component: lazyPage(() => import('./datasets/deposit/EditDatasetPage.tsx'), 'EditDatasetPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/deposit/$dataset/permissions',
    component: lazyPage(() => import('./datasets/permissions/DatasetPermissionsPage.tsx'), 'DatasetPermissionsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/deposit/$dataset/requests',
    validateSearch: (search: Text) => optional(search, 'of'),
    component: lazyPage(() => import('./datasets/permissions/AccessRequestsPage.tsx'), 'AccessRequestsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/files/$file',
    validateSearch: (search: Text) => optional(search, 'version'),
    loaderDeps: ofVersion,
    loader: ({ params, deps }) => begun('GET /v1/files/:file', { params, query: deps }),
    component: lazyPage(() => import('./datasets/FilePage.tsx'), 'FilePage'),
  }),
] as const

const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: lazyPage(() => import('./frame/AdminFrame.tsx'), 'AdminFrame'),
})
const adminRoutes = [
  createRoute({
    getParentRoute: () => admin,
    path: '/',
    beforeLoad: async () => {
      const { you } = await queryClient.ensureQueryData(instanceQuery)
      throw redirect({ to: adminSectionsOf(you)[0]?.to ?? '/admin/tokens', replace: true })
    },
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/tokens',
    validateSearch: (search: Text) =>
      optional(search, 'search', 'state', 'account', 'kind', 'permission', 'sort', 'unused_since', 'expires_before'),
    component: lazyPage(() => import('./tokens/AdminTokensPage.tsx'), 'AdminTokensPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/tokens/$token',
    component: lazyPage(() => import('./tokens/AdminTokenPage.tsx'), 'AdminTokenPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/accounts',
    validateSearch: (search: Text) => optional(search, 'search', 'kind', 'role', 'state'),
    component: lazyPage(() => import('./accounts/AdminAccountsPage.tsx'), 'AdminAccountsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/accounts/$account',
    component: lazyPage(() => import('./accounts/AdminAccountPage.tsx'), 'AdminAccountPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/runs',
    validateSearch: (search: Text) => optional(search, ...runSearchKeys),
    component: lazyPage(() => import('./runs/AdminRunsPage.tsx'), 'AdminRunsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/outbox',
    validateSearch: (search: Text) => optional(search, 'search', 'mail'),
    component: lazyPage(() => import('./subscriptions/OutboxPage.tsx'), 'OutboxPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/holiday-calendars',
    component: lazyPage(() => import('./runs/HolidayCalendarsPage.tsx'), 'HolidayCalendarsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/audit',
    validateSearch: (search: Text) =>
      optional(search, 'verb', 'actor', 'token', 'subject_type', 'subject', 'since', 'until'),
    component: lazyPage(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/settings',
    validateSearch: (search: Text) => optional(search, 'search', 'changed'),
    component: lazyPage(() => import('./instance/SettingsPage.tsx'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: '/health',
    component: lazyPage(() => import('./instance/HealthPage.tsx'), 'HealthPage'),
  }),
] as const

const docsRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/docs',
    component: lazyPage(() => import('./docs/ApiDocsPage.tsx'), 'ApiDocsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/docs/problems',
    component: lazyPage(() => import('./docs/ProblemsPage.tsx'), 'ProblemsPage'),
  }),
] as const

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    setPassword,
    profile.addChildren(profileRoutes),
    ...warehouseRoutes,
    ...reportRoutes,
    ...subscriptionRoutes,
    ...modelRoutes,
    datasets.addChildren(datasetsRoutes),
    ...collectionRoutes,
    admin.addChildren(adminRoutes),
    ...docsRoutes,
  ]),
  // Persistent ids stay readable: `perma:tessera/J8SJZB`.
  pathParamsAllowedCharacters: [':'],
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: ProblemPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
