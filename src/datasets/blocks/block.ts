/** How a value is written. `NONE`: it is made of others. */
export type FieldType = 'TEXT' | 'TEXTBOX' | 'STRING' | 'DATE' | 'EMAIL' | 'URL' | 'FLOAT' | 'INT' | 'NONE'

/** One field of a dataset's metadata. */
export interface Field {
  readonly name: string
  /** Where its compound stands around it: "Name". */
  readonly title: string
  /** On its own: "Author Name". */
  readonly displayName: string
  readonly description: string
  /** What an empty input shows. */
  readonly watermark: string
  readonly type: FieldType
  readonly multiple: boolean
  /** Of a child: wherever its compound is filled in, and of a required compound always. */
  readonly required: boolean
  /** The only values that it takes. */
  readonly vocabulary?: readonly string[]
  /** Those that it is made of; they are never compounds themselves. */
  readonly children?: readonly Field[]
  /** On the first form of a new dataset. */
  readonly displayOnCreate: boolean
  readonly facetable: boolean
}

export interface Block {
  readonly name: string
  readonly displayName: string
  readonly fields: readonly Field[]
}

/** By block and field: texts, lists of texts, or objects of texts and lists of these for compounds. */
export type Metadata = Readonly<Record<string, BlockValues>>
export type BlockValues = Readonly<Record<string, FieldValue>>
export type CompoundValue = Readonly<Record<string, string | readonly string[]>>
export type FieldValue = string | readonly string[] | CompoundValue | readonly CompoundValue[]

type Over = Partial<Omit<Field, 'name' | 'displayName' | 'children'>>

/** A field of one value, unless `over` says otherwise. */
export const field = (name: string, displayName: string, over: Over = {}): Field => ({
  name,
  displayName,
  title: displayName,
  description: '',
  watermark: '',
  type: 'TEXT',
  multiple: false,
  required: false,
  displayOnCreate: false,
  facetable: false,
  ...over,
})

/** A field made of others. */
export const compound = (name: string, displayName: string, children: readonly Field[], over: Over = {}): Field => ({
  ...field(name, displayName, over),
  type: 'NONE',
  multiple: over.multiple ?? true,
  children: children.map((child) => ({ ...child, displayOnCreate: over.displayOnCreate ?? false })),
})
