import { z } from 'zod'
import { type Verb, verbs } from '#src/access/verbs.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { pageQuery } from '#src/http/parameters.ts'

export const AuditEvent = z
  .object({
    id: z.int().meta({ description: 'Numbered from 1 without gaps.' }),
    at: z.iso.datetime(),
    verb: z.string(),
    subject_type: z.string(),
    subject_id: z.string().nullable(),
    via: z.enum(['anonymous', 'session', 'token', 'command', 'system']),
    account_id: z.string().nullable(),
    account_name: z.string().nullable(),
    token_id: z.string().nullable(),
    session_id: z.string().nullable(),
    request_id: z.string().nullable(),
    address: z.string().nullable(),
    client: z.string().nullable(),
    detail: z.record(z.string(), z.json()),
    prev_hash: z.string().meta({ description: 'The hash of the event before.' }),
    hash: z.string().meta({
      description:
        'SHA-256, in hex, of this object’s JSON without `hash`: members sorted by name at all levels, no white space, UTF-8.',
    }),
  })
  .meta({ id: 'AuditEvent', description: 'Who did what to what, when, and with which token.' })

const filter = {
  verb: z.enum(Object.keys(verbs) as [Verb, ...Verb[]]).optional(),
  actor: z.string().max(200).optional().meta({ description: 'Id or user name of the account that acted.' }),
  token: z.string().max(200).optional().meta({ description: 'Public id of the token that acted.' }),
  subject_type: z.string().max(60).optional().meta({ description: 'What was acted on: `token`, `account`, `model`…' }),
  subject: z.string().max(200).optional().meta({ description: 'Id of what was acted on.' }),
  since: z.iso.datetime({ offset: true }).optional().meta({ description: 'Events at this time or later.' }),
  until: z.iso.datetime({ offset: true }).optional().meta({ description: 'Events before this time.' }),
}

export const listAuditEvents = endpoint({
  id: 'list-audit-events',
  method: 'GET',
  path: '/v1/audit',
  summary: 'The audit trail, newest first',
  access: 'audit:read',
  query: z.object({ ...filter, ...pageQuery(500, 100) }),
  reply: z.object({ events: z.array(AuditEvent) }),
})

export const listAuditVerbs = endpoint({
  id: 'list-audit-verbs',
  method: 'GET',
  path: '/v1/audit/verbs',
  summary: 'Everything the audit trail can say',
  access: 'audit:read',
  reply: z.object({
    verbs: z.array(
      z.object({
        verb: z.string().meta({ description: 'As in `verb` of an event, and in the filter.' }),
        label: z.string().meta({ description: 'What happened, as a sentence for people.' }),
      }),
    ),
  }),
})

export const exportAuditEvents = endpoint({
  id: 'export-audit-events',
  method: 'GET',
  path: '/v1/audit/export',
  summary: 'The audit trail as NDJSON, oldest first',
  description: 'Streamed. Without filters each line follows from the one before, so the chain can be verified offline.',
  access: 'audit:read',
  query: z.object(filter),
  media: ['application/x-ndjson'],
})

export const verifyAuditTrail = endpoint({
  id: 'verify-audit-trail',
  method: 'GET',
  path: '/v1/audit/verification',
  summary: 'Whether the audit trail is whole, and where it is not',
  description: 'Reads every event, so it takes its time on a long trail. The same as `tessera audit verify`.',
  access: 'audit:read',
  perMinute: 6,
  reply: z.object({
    whole: z.boolean(),
    events: z.int(),
    last: z.object({ id: z.int(), hash: z.string() }),
    checkpoints: z.int().meta({ description: 'Entries of the checkpoint file that were compared.' }),
    faults: z
      .array(
        z.object({
          kind: z.enum(['edited', 'unlinked', 'missing', 'unexpected', 'head', 'checkpoint']),
          event: z.int(),
          says: z.string(),
        }),
      )
      .meta({ description: 'At most a hundred.' }),
  }),
})
