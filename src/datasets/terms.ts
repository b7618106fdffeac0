/** Terms of a dataset's own, by name. Those of use take the place of a license; those of access go with either. */
export const termsOfUse = [
  'terms_of_use',
  'confidentiality_declaration',
  'special_permissions',
  'restrictions',
  'citation_requirements',
  'depositor_requirements',
  'conditions',
  'disclaimer',
] as const
export const termsOfAccess = [
  'terms_of_access',
  'data_access_place',
  'original_archive',
  'availability_status',
  'contact_for_access',
  'size_of_collection',
  'study_completion',
] as const
export const termNames = [...termsOfUse, ...termsOfAccess] as const
export type TermName = (typeof termNames)[number]
export type Terms = Readonly<Partial<Record<TermName, string>>>

/** Trimmed, without what is empty, in their order. */
export const normalizeTerms = (terms: Readonly<Partial<Record<TermName, string | null | undefined>>>): Terms =>
  Object.fromEntries(
    termNames.flatMap((name) => {
      const text = terms[name]?.trim()
      return text ? [[name, text]] : []
    }),
  )
