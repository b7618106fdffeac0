/** What the address of the audit log may hold: the filters of the endpoint, under the same names. */
export const filterNames = ['verb', 'actor', 'token', 'subject_type', 'subject', 'since', 'until'] as const
type FilterName = (typeof filterNames)[number]
export type AuditSearch = { readonly [K in FilterName]?: string }

/** A moment as the browser's own field for it writes it, in the reader's zone: "2026-01-31T09:30". */
export function toField(iso: string | undefined): string {
  const at = new Date(iso ?? '')
  if (Number.isNaN(at.getTime())) return ''
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** The other way, as the address and the endpoint have it; empty when it is no moment yet. */
export function fromField(text: string): string {
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

/** The search with one filter set, or taken out when it is empty. */
export function withFilter(search: AuditSearch, name: FilterName, value: string): AuditSearch {
  const { [name]: _, ...rest } = search
  return value === '' ? rest : { ...rest, [name]: value }
}
