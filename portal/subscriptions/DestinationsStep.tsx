import { Alert, Checkbox, Fieldset, Group, NumberInput, Radio, Stack, TagsInput, Text } from '@mantine/core'
import { BurstFields } from './BurstFields.tsx'
import type { Draft } from './draft.ts'
import { EndpointsFields } from './EndpointsFields.tsx'
import { MessageFields } from './MessageFields.tsx'
import { RecipientsField } from './RecipientsField.tsx'
import type { StepProps } from './step-props.ts'
import { formatWords } from './subscription.ts'

/** Who gets it, where, in which formats, and with what words. */
export function DestinationsStep({ draft, set, report, policy, errors }: StepProps) {
  return (
    <Stack gap="lg">
      <BurstFields draft={draft} set={set} report={report} errors={errors} />
      {draft.burst !== 'model' && (
        <Fieldset legend="Recipients">
          <RecipientsField
            value={draft.recipients}
            onChange={(recipients) => set({ recipients })}
            partedBy={draft.burst === 'named' ? draft.burstBy : null}
            allowedDomains={policy.allowed_domains}
          />
          <Complaint says={errors.recipients} />
        </Fieldset>
      )}
      <Fieldset legend="How it gets there">
        <EndpointsFields draft={draft} set={set} />
        {policy.mail_via === 'outbox' && draft.mail && (
          <Text size="sm" c="dimmed" mt="sm">
            There is no mail server here: mails become files, which administrators read in the outbox.
          </Text>
        )}
        <Complaint says={errors.destinations} />
      </Fieldset>
      <Fieldset legend="Formats">
        <FormatFields draft={draft} set={set} policy={policy} />
        <Complaint says={errors.formats ?? errors.files} />
      </Fieldset>
      {draft.mail && (
        <Fieldset legend="Words of the mail">
          <MessageFields draft={draft} set={set} placeholders={policy.placeholders} errors={errors} />
        </Fieldset>
      )}
      <TagsInput
        label="Who is told when a run fails"
        description="Mail addresses. Nobody named: its owner."
        placeholder={(draft.failureAddresses ?? []).length === 0 ? 'The owner' : ''}
        value={[...(draft.failureAddresses ?? [])]}
        onChange={(addresses) => set({ failureAddresses: addresses.length === 0 ? null : addresses })}
        error={errors.failure_addresses}
        maw={520}
      />
    </Stack>
  )
}

function FormatFields({ draft, set, policy }: Pick<StepProps, 'draft' | 'set' | 'policy'>) {
  return (
    <Stack gap="sm">
      <Checkbox.Group
        label="Files"
        value={[...draft.formats]}
        onChange={(formats) => set({ formats: formats as Draft['formats'] })}
      >
        <Group gap="md" mt={6}>
          {policy.formats.map((format) => (
            <Checkbox key={format} value={format} label={formatWords[format]} />
          ))}
        </Group>
      </Checkbox.Group>
      {draft.mail && (
        <Checkbox
          label="Show the report in the mail itself"
          checked={draft.inBody}
          onChange={({ currentTarget }) => set({ inBody: currentTarget.checked })}
        />
      )}
      {draft.mail && draft.formats.length > 0 && (
        <Group align="flex-end" gap="md">
          <Radio.Group
            label="Files reach people by mail"
            value={draft.files}
            onChange={(files) => set({ files: files as Draft['files'] })}
          >
            <Group gap="md" mt={6}>
              <Radio value="attached" label="attached" />
              <Radio value="linked" label="behind a link of their own" />
            </Group>
          </Radio.Group>
          {draft.files === 'linked' && (
            <NumberInput
              label="Days that links hold"
              min={1}
              max={365}
              allowDecimal={false}
              value={draft.linkDays}
              onChange={(days) => set({ linkDays: Number(days) || 1 })}
              w={150}
            />
          )}
        </Group>
      )}
    </Stack>
  )
}

function Complaint({ says }: { says: string | undefined }) {
  if (says === undefined) return null
  return (
    <Alert color="red" variant="light" mt="sm" role="alert">
      {says}
    </Alert>
  )
}
