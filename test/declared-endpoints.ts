import { globSync } from 'node:fs'
import path from 'node:path'
import type { Endpoint } from '#src/http/endpoint.ts'

const root = path.resolve(import.meta.dirname, '..')
const files = [...globSync('src/**/contract.ts', { cwd: root }).sort()]
const rooms = await Promise.all(files.map((file) => import(path.join(root, file)) as Promise<object>))

/** Every promise that a contract file makes, also inside lists and objects of them. */
export const declaredEndpoints: readonly Endpoint[] = rooms.flatMap((room) => endpointsIn({ ...room }))

function endpointsIn(value: unknown): Endpoint[] {
  if (typeof value !== 'object' || value === null) return []
  if ('method' in value && 'path' in value && 'id' in value) return [value as Endpoint]
  if (Array.isArray(value)) return value.flatMap(endpointsIn)
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value).flatMap(endpointsIn) : []
}
