import {
  Alert,
  Box,
  Button,
  Flex,
  Group,
  List,
  NativeSelect,
  Paper,
  SegmentedControl,
  Stack,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { IconAlertTriangle, IconArrowBackUp, IconDeviceFloppy } from '@tabler/icons-react'
import { useState } from 'react'
import { EditorBlocks } from './EditorBlocks.tsx'
import { EditorPreview, usePreview } from './EditorPreview.tsx'
import { complaintsOf } from './editor-problems.ts'
import { LeaveGuard } from './LeaveGuard.tsx'
import { ParametersEditor } from './ParametersEditor.tsx'
import { sharedWords } from './report-words.ts'
import { useAllModels } from './use-all-models.ts'
import { type Draft, useEditor } from './use-editor.ts'

interface ReportEditorProps {
  /** What is saved, or what one begins with. */
  readonly saved: Draft
  /** Null: it is not there yet. */
  readonly report: string | null
  readonly mayShare: boolean
  /** Whether there is something to lose from the beginning. */
  readonly isNew?: boolean
  readonly save: (draft: Draft, note: string) => Promise<void>
  readonly isSaving: boolean
  readonly error: unknown
}

/** A report put together from blocks, with its preview beside. */
export function ReportEditor({ saved, report, mayShare, isNew = false, save, isSaving, error }: ReportEditorProps) {
  const models = useAllModels()
  const { draft, isDirty, change, undo } = useEditor(saved)
  const [note, setNote] = useState('')
  const [hasSaved, setSaved] = useState(false)
  const [tried, setTried] = useState<Draft | null>(null)
  const [part, setPart] = useState('edit')
  const isWide = useMediaQuery('(min-width: 75em)', true, { getInitialValueInEffect: false })
  const preview = usePreview(report, draft.definition)
  // What saving found counts until something was changed; what the preview finds, at every moment.
  const refusal = tried === draft ? error : null
  const complaints = complaintsOf(preview.error ?? refusal)
  const saving = complaintsOf(refusal)
  const canSave = (isDirty || isNew) && draft.title.trim() !== '' && draft.definition.blocks.length > 0
  const keep = () => {
    if (!canSave || isSaving) return
    setTried(draft)
    void save(draft, note.trim()).then(
      () => setSaved(true),
      () => undefined,
    )
  }
  useHotkeys([['mod+S', keep]], [])
  const edit = (
    <Stack gap="lg" flex={1} miw={0} w="100%">
      <Paper withBorder p="md" component="section" aria-label="About the report">
        <Stack gap="sm">
          <TextInput
            label="Title"
            required
            maxLength={200}
            value={draft.title}
            error={saving.fields.title}
            onChange={({ currentTarget }) => change({ title: currentTarget.value })}
          />
          <Textarea
            label="What it is for"
            autosize
            minRows={1}
            maxRows={6}
            maxLength={2000}
            value={draft.description}
            error={saving.fields.description}
            onChange={({ currentTarget }) => change({ description: currentTarget.value })}
          />
          <NativeSelect
            label="Who sees it"
            disabled={!mayShare}
            description={mayShare ? undefined : 'Only its owner and administrators share it with others.'}
            value={draft.shared_with}
            error={saving.fields.shared_with}
            data={Object.entries(sharedWords).map(([value, label]) => ({ value, label }))}
            onChange={({ currentTarget }) => change({ shared_with: currentTarget.value as Draft['shared_with'] })}
          />
        </Stack>
      </Paper>
      <section aria-labelledby="blocks">
        <Title order={2} size="h4" id="blocks" mb="xs">
          Blocks
        </Title>
        <EditorBlocks
          definition={draft.definition}
          models={models}
          complaints={complaints}
          change={(definition) => change({ definition })}
        />
      </section>
      <section aria-labelledby="parameters">
        <Title order={2} size="h4" id="parameters" mb="xs">
          What readers may choose
        </Title>
        <ParametersEditor
          parameters={draft.definition.parameters}
          models={models}
          complaints={complaints.parameters}
          change={(parameters) => change({ definition: { ...draft.definition, parameters } })}
        />
      </section>
      {complaints.others.length > 0 && (
        <Alert
          role="alert"
          color="red"
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
          title="This is not right yet"
        >
          <List size="sm">
            {complaints.others.map((says) => (
              <List.Item key={says}>{says}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Paper
        withBorder
        p="md"
        component="section"
        aria-label="Save"
        shadow="md"
        style={{ position: 'sticky', bottom: 8, zIndex: 5 }}
      >
        <Group gap="sm" align="flex-end">
          {report !== null && (
            <TextInput
              label="What you changed"
              description="For the list of versions"
              flex="1 1 220px"
              maxLength={200}
              value={note}
              error={saving.fields.note}
              onChange={({ currentTarget }) => setNote(currentTarget.value)}
            />
          )}
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            disabled={undo === null}
            onClick={() => undo?.()}
          >
            Undo
          </Button>
          <Button
            leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            disabled={!canSave}
            loading={isSaving}
            onClick={keep}
          >
            {report === null ? 'Make the report' : 'Save'}
          </Button>
        </Group>
      </Paper>
    </Stack>
  )
  const seen = <EditorPreview definition={draft.definition} preview={preview} />
  return (
    <>
      {!isWide && (
        <SegmentedControl
          fullWidth
          aria-label="Part"
          value={part}
          onChange={setPart}
          data={[
            { value: 'edit', label: 'Edit' },
            { value: 'preview', label: 'Preview' },
          ]}
        />
      )}
      {isWide ? (
        <Flex gap="lg" align="flex-start">
          <Box w={520} style={{ flexShrink: 0 }}>
            {edit}
          </Box>
          <Box
            flex={1}
            miw={0}
            style={{ position: 'sticky', top: 72, maxHeight: 'calc(100dvh - 80px)', overflowY: 'auto' }}
          >
            {seen}
          </Box>
        </Flex>
      ) : (
        <>
          <Box display={part === 'edit' ? 'block' : 'none'}>{edit}</Box>
          {part === 'preview' && seen}
        </>
      )}
      <LeaveGuard isDirty={isDirty && !hasSaved} title="Leave what isn’t saved?">
        What you have changed in this report is not saved. When you leave, it is lost.
      </LeaveGuard>
    </>
  )
}
