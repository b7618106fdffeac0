import { Stack, Title } from '@mantine/core'
import { useYou } from '#portal/instance/instance.ts'
import { KeepFocus } from '#portal/kit/KeepFocus.tsx'
import { DraftFiles } from './DraftFiles.tsx'
import { UploadArea } from './UploadArea.tsx'
import { UploadList } from './UploadList.tsx'
import { queueOf } from './upload-queue.ts'

/** The files of a draft: those on their way, and those that are in. */
export function FilesPart({ dataset }: { dataset: string }) {
  const account = useYou()?.account.id ?? ''
  const queue = queueOf(account, dataset)
  return (
    <Stack gap="lg">
      <KeepFocus>
        <Stack gap="lg">
          <UploadArea queue={queue} />
          <UploadList queue={queue} />
        </Stack>
      </KeepFocus>
      <KeepFocus label="Files in this dataset">
        <Stack gap="sm">
          <Title order={2} size="h4">
            Files in this dataset
          </Title>
          <DraftFiles dataset={dataset} queue={queue} />
        </Stack>
      </KeepFocus>
    </Stack>
  )
}
