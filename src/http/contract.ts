import { z } from 'zod'
import { endpoint } from './endpoint.ts'

/** What operators and programs ask of the server itself. */
export const readLiveness = endpoint({
  id: 'read-liveness',
  method: 'GET',
  path: '/health/live',
  summary: 'Whether the process runs',
  access: 'public',
  unlimited: true,
  reply: z.object({ status: z.literal('live') }),
})

export const readReadiness = endpoint({
  id: 'read-readiness',
  method: 'GET',
  path: '/health/ready',
  summary: 'Whether the process can do its work; 503 when not',
  access: 'public',
  unlimited: true,
  reply: z.object({
    status: z.enum(['ready', 'not_ready']),
    checks: z.record(z.string(), z.enum(['ok', 'failing'])),
  }),
})

export const readMetrics = endpoint({
  id: 'read-metrics',
  method: 'GET',
  path: '/metrics',
  summary: 'Figures for Prometheus',
  description: 'From the machine itself without credentials; from elsewhere with the permission `settings:read`.',
  access: 'optional',
  unlimited: true,
  media: ['text/plain'],
})

export const readOpenApi = endpoint({
  id: 'read-openapi',
  method: 'GET',
  path: '/v1/openapi.json',
  summary: 'This description, as OpenAPI 3.1',
  access: 'public',
  media: ['application/json'],
})

export const readPostman = endpoint({
  id: 'read-postman-collection',
  method: 'GET',
  path: '/v1/postman.json',
  summary: 'The same as a Postman collection',
  access: 'public',
  media: ['application/json'],
})
