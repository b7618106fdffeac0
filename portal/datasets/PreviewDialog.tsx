import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { contentAddress, type DatasetFile } from './dataset.ts'
import { FilePreview } from './FilePreview.tsx'
import { typeAndSize } from './file-words.ts'

interface PreviewDialogProps {
  readonly file: DatasetFile
  readonly version: string
  readonly close: () => void
}

/** A look into a file without leaving the list. */
export function PreviewDialog({ file, version, close }: PreviewDialogProps) {
  return (
    <Modal opened onClose={close} title={file.name} size="80rem" styles={{ title: { overflowWrap: 'anywhere' } }}>
      <Stack>
        <Text size="sm" c="dimmed">
          {typeAndSize(file)}
        </Text>
        <FilePreview file={file} version={version} />
        <Group gap="xs">
          <Button
            component="a"
            href={contentAddress(file.id, version)}
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Download
          </Button>
          <ButtonLink to="/files/$file" params={{ file: String(file.id) }} search={{ version }} variant="default">
            All about this file
          </ButtonLink>
        </Group>
      </Stack>
    </Modal>
  )
}
