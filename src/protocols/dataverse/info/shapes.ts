import { z } from 'zod'

const fieldFacts = {
  name: z.string(),
  displayName: z.string(),
  displayOnCreate: z.boolean(),
  title: z.string(),
  type: z.string(),
  typeClass: z.string(),
  watermark: z.string(),
  description: z.string(),
  multiple: z.boolean(),
  isControlledVocabulary: z.boolean(),
  controlledVocabularyValues: z.array(z.string()).optional(),
  isAdvancedSearchFieldType: z.boolean(),
  displayFormat: z.string(),
  displayOrder: z.int(),
  isRequired: z.boolean(),
}
const ChildField = z.object(fieldFacts)
export const FieldJson = z.object({ ...fieldFacts, childFields: z.record(z.string(), ChildField).optional() })

export const BlockJson = z.object({
  id: z.int(),
  displayName: z.string(),
  displayOnCreate: z.boolean(),
  name: z.string(),
  fields: z.record(z.string(), FieldJson).optional(),
})
