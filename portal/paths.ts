/**
 * The addresses of all pages, in the router's form. The server serves the portal at these and at no others, so that a
 * wrong address is a 404; `routes.tsx` has a page for each. Data only: the server reads this file too.
 */
export const pagePaths = [
  '/',
  '/sign-in',
  '/set-password',
  '/profile',
  '/profile/password',
  '/profile/sessions',
  '/profile/token',
  '/explore',
  '/explore/$model',
  '/explore/$model/rows',
  '/models',
  '/models/$model',
  '/runs',
  '/runs/$run',
  '/admin',
  '/admin/tokens',
  '/admin/tokens/$token',
  '/admin/accounts',
  '/admin/accounts/$account',
  '/admin/audit',
  '/admin/settings',
  '/admin/health',
  '/docs',
  '/docs/problems',
] as const
