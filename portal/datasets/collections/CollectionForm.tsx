import { Button, Group, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import type { Collection } from '../deposit/repository.ts'
import { aliasFrom, typeWords } from './collection-words.ts'

export interface CollectionDraft {
  readonly name: string
  readonly alias: string
  readonly description: string
  readonly affiliation: string | null
  readonly type: Collection['type']
  readonly contacts: { email: string }[]
}

interface CollectionFormProps {
  /** Null: it is made now. */
  readonly saved: Collection | null
  readonly email: string | null
  readonly verb: string
  readonly onSubmit: (draft: CollectionDraft) => void
  readonly pending: boolean
  readonly error: unknown
}

/** What a collection is; its alias, by which addresses and clients name it, follows its name until it is written itself. */
export function CollectionForm({ saved, email, verb, onSubmit, pending, error }: CollectionFormProps) {
  const [name, setName] = useState(saved?.name ?? '')
  const [ownAlias, setAlias] = useState<string | null>(saved?.alias ?? null)
  const [description, setDescription] = useState(saved?.description ?? '')
  const [affiliation, setAffiliation] = useState(saved?.affiliation ?? '')
  const [type, setType] = useState<Collection['type']>(saved?.type ?? 'UNCATEGORIZED')
  const [contacts, setContacts] = useState<string[]>(
    saved ? saved.contacts.map((contact) => contact.email) : email === null ? [] : [email],
  )
  const alias = ownAlias ?? aliasFrom(name)
  const says = fieldErrors(error)
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (pending) return
        onSubmit({
          name,
          alias,
          description,
          affiliation: affiliation.trim() || null,
          type,
          contacts: contacts.map((one) => ({ email: one })),
        })
      }}
    >
      <Stack gap="md" maw={640}>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={300}
          required
          data-autofocus
          error={says.name}
        />
        <TextInput
          label="Alias"
          description="Its name in addresses and for programs: letters, digits, - and _."
          value={alias}
          onChange={(event) => setAlias(event.currentTarget.value)}
          maxLength={60}
          required
          error={says.alias}
        />
        <Textarea
          label="Description"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          autosize
          minRows={3}
          error={says.description}
        />
        <TextInput
          label="Affiliation"
          description="The organisation that it belongs to."
          value={affiliation}
          onChange={(event) => setAffiliation(event.currentTarget.value)}
          maxLength={300}
          error={says.affiliation}
        />
        <Select
          label="Kind"
          data={Object.entries(typeWords).map(([value, label]) => ({ value, label }))}
          value={type}
          onChange={(next) => setType((next ?? 'UNCATEGORIZED') as Collection['type'])}
          allowDeselect={false}
          error={says.type}
        />
        <TagsInput
          label="Contacts"
          description="E-mail addresses, each with Enter. Everybody sees them."
          value={contacts}
          onChange={setContacts}
          error={says.contacts}
        />
        {error !== null && error !== undefined && Object.keys(says).length === 0 && <ProblemAlert error={error} />}
        <Group>
          <Button type="submit" loading={pending} disabled={name.trim() === '' || alias === ''}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
