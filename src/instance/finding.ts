import type { z } from 'zod'
import type { HealthCheck, HealthFact, HealthPart } from './contract.ts'

export type Fact = z.input<typeof HealthFact>
export type Part = z.input<typeof HealthPart>
export type State = Part['state']

/** What one check of the installation's health found. */
export interface Finding extends Pick<z.input<typeof HealthCheck>, 'state' | 'says' | 'facts'> {
  readonly parts?: Part[]
}

type Figure = Extract<Fact, { of: unknown }>

export const figure = (
  kind: Figure['kind'],
  name: string,
  label: string,
  value: number | null,
  of: number | null = null,
): Fact => ({ kind, name, label, value, of })

export const text = (name: string, label: string, value: string | null): Fact => ({ kind: 'text', name, label, value })

export const time = (name: string, label: string, value: Date | string | null): Fact => ({
  kind: 'time',
  name,
  label,
  value: value instanceof Date ? value.toISOString() : value,
})

const order: readonly State[] = ['ok', 'degraded', 'failing']

/** The worst of some states; of none, all is well. */
export const worst = (states: readonly State[]): State =>
  order[Math.max(0, ...states.map((state) => order.indexOf(state)))]!

/** Troubles as one text; when there are none, that all is well. */
export const sayAll = (troubles: readonly string[], well: string): string =>
  troubles.length === 0 ? well : troubles.join(' ')

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** "3.2 GiB". */
export function inBytes(bytes: number): string {
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 2 ** (10 * step)
  return `${value.toFixed(step === 0 || value >= 100 ? 0 : 1)} ${units[step]}`
}

/** "1 job", "3 jobs". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
