import type { Collection } from '../deposit/repository.ts'

/** What kinds of collections there are, as Dataverse knows them. */
export const typeWords: Readonly<Record<Collection['type'], string>> = {
  UNCATEGORIZED: 'Uncategorized',
  DEPARTMENT: 'Department',
  JOURNALS: 'Journal',
  LABORATORY: 'Laboratory',
  ORGANIZATIONS_INSTITUTIONS: 'Organization or institution',
  RESEARCHERS: 'Researcher',
  RESEARCH_GROUP: 'Research group',
  RESEARCH_PROJECTS: 'Research project',
  TEACHING_COURSES: 'Teaching course',
}

/** An alias for a collection of this name: `Sandpiper Lab` is `sandpiper-lab`. */
export function aliasFrom(name: string): string {
  const alias = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
  // Made of digits only, it would be taken for a number.
  return /^[0-9]+$/.test(alias) ? `c-${alias}` : alias
}
