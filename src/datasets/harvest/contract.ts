import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'

export const readSitemap = endpoint({
  id: 'read-sitemap',
  method: 'GET',
  path: '/sitemap.xml',
  summary: 'What search engines may read here: the list of its parts',
  access: 'public',
  media: ['application/xml'],
})

export const readSitemapPart = endpoint({
  id: 'read-sitemap-part',
  method: 'GET',
  path: '/sitemaps/:part',
  summary: 'One part of it: the pages of published datasets',
  access: 'public',
  params: z.object({
    part: z
      .string()
      .regex(/^\d{1,15}\.xml$/)
      .meta({ example: '0.xml', description: 'Datasets above this number.' }),
  }),
  media: ['application/xml'],
  hidden: true,
})

export const readRobots = endpoint({
  id: 'read-robots',
  method: 'GET',
  path: '/robots.txt',
  summary: 'Where crawlers are welcome',
  access: 'public',
  media: ['text/plain'],
  hidden: true,
})
