import { Button } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { askPage, type Page } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { notifyProblem } from '#portal/kit/notify.ts'
import { saveFile } from '#portal/kit/save-file.ts'

type FilePage = Page<Reply<'GET /v1/datasets/:dataset/versions/:version/files'>>

/** All files with their checksums, in the form that `sha256sum -c` takes. */
export function ChecksumsButton({ dataset, version }: { dataset: number; version: string }) {
  const save = useMutation({
    mutationFn: async () => {
      const lines: string[] = []
      let cursor: string | null = null
      do {
        const { body, next }: FilePage = await askPage('GET /v1/datasets/:dataset/versions/:version/files', {
          params: { dataset: String(dataset), version },
          query: { limit: 1000, ...(cursor !== null && { cursor }) },
        })
        for (const { checksums, path } of body.items) lines.push(`${checksums.sha256}  ${path}\n`)
        cursor = next
      } while (cursor !== null)
      saveFile('SHA256SUMS', new Blob(lines, { type: 'text/plain' }))
    },
    onError: notifyProblem,
  })
  return (
    <Button
      variant="default"
      leftSection={<IconFingerprint size={16} aria-hidden />}
      loading={save.isPending}
      onClick={() => save.mutate()}
      title="To check what was downloaded: sha256sum -c SHA256SUMS"
    >
      Checksums
    </Button>
  )
}
