import type { Block, Field } from './block.ts'

const presentOwnField = ({ displayName, displayOnCreate, children: _, ...field }: Field) => ({
  ...field,
  display_name: displayName,
  display_on_create: displayOnCreate,
})

/** How `/v1` shows a block of metadata with its fields. */
export const presentBlock = ({ name, displayName, fields }: Block) => ({
  name,
  display_name: displayName,
  fields: fields.map((field) => ({
    ...presentOwnField(field),
    ...(field.children && { children: field.children.map(presentOwnField) }),
  })),
})
