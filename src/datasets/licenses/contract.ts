import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { IdParam } from '../shapes.ts'

export const License = z
  .object({
    id: z.int(),
    name: z.string(),
    uri: z.string(),
    description: z.string(),
    icon_uri: z.string().nullable(),
    spdx_id: z.string().nullable(),
    active: z.boolean(),
    is_default: z.boolean(),
    sort_order: z.int(),
  })
  .meta({ id: 'License' })

export const listLicenses = endpoint({
  id: 'list-licenses',
  method: 'GET',
  path: '/v1/licenses',
  summary: 'List the licenses that datasets can be under',
  access: 'public',
  reply: z.object({ items: z.array(License) }),
})

const licenseMembers = {
  name: z.string().trim().min(1).max(200),
  uri: z.url({ protocol: /^https?$/ }).max(500),
  description: z.string().trim().min(1).max(2000),
  icon_uri: z
    .url({ protocol: /^https$/ })
    .max(500)
    .nullable(),
  spdx_id: z.string().max(60).nullable(),
  active: z.boolean(),
  is_default: z.boolean(),
  sort_order: z.int().min(-1000).max(1000),
}

export const createLicense = endpoint({
  id: 'create-license',
  method: 'POST',
  path: '/v1/licenses',
  summary: 'Add a license',
  description: 'For administrators of the installation.',
  access: 'datasets:write',
  audit: 'license.created',
  idempotent: true,
  body: z.object({
    ...licenseMembers,
    icon_uri: licenseMembers.icon_uri.default(null),
    spdx_id: licenseMembers.spdx_id.default(null),
    active: licenseMembers.active.default(true),
    is_default: licenseMembers.is_default.default(false),
    sort_order: licenseMembers.sort_order.default(0),
  }),
  reply: License,
  status: 201,
})

export const updateLicense = endpoint({
  id: 'update-license',
  method: 'PATCH',
  path: '/v1/licenses/:license',
  summary: 'Change a license; one that is not active cannot be chosen any more',
  description: 'For administrators of the installation. Datasets that are under it say so in the new words.',
  access: 'datasets:write',
  audit: 'license.changed',
  params: z.object({ license: IdParam }),
  body: z.object({
    name: licenseMembers.name.optional(),
    uri: licenseMembers.uri.optional(),
    description: licenseMembers.description.optional(),
    icon_uri: licenseMembers.icon_uri.optional(),
    spdx_id: licenseMembers.spdx_id.optional(),
    active: licenseMembers.active.optional(),
    is_default: licenseMembers.is_default.optional(),
    sort_order: licenseMembers.sort_order.optional(),
  }),
  reply: License,
})
