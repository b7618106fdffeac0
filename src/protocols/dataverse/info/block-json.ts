import type { Block, Field } from '#src/datasets/blocks/block.ts'
import { blocks } from '#src/datasets/blocks/blocks.ts'
import { typeClassOf } from '../metadata-json.ts'

export interface BlockAsk {
  readonly withFields: boolean
  readonly onlyOnCreate?: boolean
  /** Fields that must be filled in beyond what the block itself asks. */
  readonly required?: ReadonlySet<string>
}

/** A block as Dataverse describes it; of collections, as they have it. */
export function blockJson(block: Block, { withFields, onlyOnCreate = false, required = new Set() }: BlockAsk) {
  const { name, displayName, fields } = block
  const shown = fields.flatMap((field) =>
    onlyOnCreate && !isOnCreate(field) && !required.has(field.name)
      ? []
      : [[field.name, fieldJson(field, required)] as const],
  )
  return {
    id: blocks.indexOf(block) + 1,
    displayName,
    displayOnCreate: fields.some(isOnCreate),
    name,
    ...(withFields && { fields: Object.fromEntries(shown) }),
  }
}

const isOnCreate = ({ displayOnCreate }: Field): boolean => displayOnCreate

const flat = ({ fields }: Block): Field[] => fields.flatMap((field) => [field, ...(field.children ?? [])])

/** Where each field stands in its block, children right after their compound. */
const orders = new Map(blocks.flatMap((block) => flat(block).map(({ name }, order) => [name, order] as const)))

/** Fields by which a search can be narrowed. */
export const facetableFields = () =>
  blocks
    .flatMap(flat)
    .filter(({ facetable }) => facetable)
    .map((field) => fieldJson(field))
    // The author's name first, as clients expect.
    .sort((a, b) => Number(b.name === 'authorName') - Number(a.name === 'authorName'))

interface FieldFacts {
  readonly name: string
  readonly displayName: string
  readonly displayOnCreate: boolean
  readonly title: string
  readonly type: string
  readonly typeClass: string
  readonly watermark: string
  readonly description: string
  readonly multiple: boolean
  readonly isControlledVocabulary: boolean
  readonly controlledVocabularyValues?: readonly string[]
  readonly isAdvancedSearchFieldType: boolean
  readonly displayFormat: string
  readonly displayOrder: number
  readonly isRequired: boolean
  readonly childFields?: Readonly<Record<string, FieldFacts>>
}

export function fieldJson(field: Field, required: ReadonlySet<string> = new Set()): FieldFacts {
  const { name, displayName, displayOnCreate, title, type, watermark, description, multiple, vocabulary, children } =
    field
  return {
    name,
    displayName,
    displayOnCreate,
    title,
    type,
    typeClass: typeClassOf(field),
    watermark,
    description,
    multiple,
    isControlledVocabulary: vocabulary !== undefined,
    ...(vocabulary && { controlledVocabularyValues: vocabulary }),
    isAdvancedSearchFieldType: field.facetable,
    displayFormat: '',
    displayOrder: orders.get(name) ?? 0,
    isRequired: field.required || required.has(name),
    ...(children && {
      childFields: Object.fromEntries(children.map((child) => [child.name, fieldJson(child, required)])),
    }),
  }
}
