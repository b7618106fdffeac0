import type { Reply } from '#portal/kit/contracts.ts'

export type Token = Reply<'GET /v1/tokens/:token'>
export type ListedToken = Reply<'GET /v1/tokens'>['items'][number]
/** A token with its secret, as the one reply that ever holds it. */
export type IssuedToken = Reply<'POST /v1/tokens'>
export type TokenPolicy = Reply<'GET /v1/tokens/policy'>
export type PermissionFacts = Reply<'GET /v1/permissions'>['items'][number]

/** Whether it works, or may come to work again of itself. */
export const isLive = ({ state }: Pick<Token, 'state'>): boolean => state !== 'expired' && state !== 'revoked'

/** Name and public id, the two things by which people tell tokens apart. */
export const nameOf = ({ name, id }: Pick<Token, 'name' | 'id'>): string => `${name} (${id})`
