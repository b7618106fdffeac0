import { z } from 'zod'
import { dataverseEndpoint } from '../endpoint.ts'
import { Said } from '../envelope.ts'
import { parameter } from '../parameters.ts'

export const showToken = dataverseEndpoint({
  id: 'dataverse-show-token',
  method: 'GET',
  path: '/api/users/token',
  summary: 'Dataverse: the token that asks, and when it expires',
  description: 'A session is told the expiry only: we keep no secret that could be shown again.',
  reply: Said,
})

export const recreateToken = dataverseEndpoint({
  id: 'dataverse-recreate-token',
  method: 'POST',
  path: '/api/users/token/recreate',
  summary: 'Dataverse: make the account’s token, or make it anew',
  description: 'The one before stops at once.',
  opensChange: true,
  audit: ['token.issued', 'token.recreated'],
  query: z.looseObject({ returnExpiration: parameter('`true`: the message tells the expiry as well.') }),
  reply: Said,
})

export const deleteToken = dataverseEndpoint({
  id: 'dataverse-delete-token',
  method: 'DELETE',
  path: '/api/users/token',
  summary: 'Dataverse: revoke the account’s token',
  opensChange: true,
  audit: 'token.revoked',
  reply: Said,
})
