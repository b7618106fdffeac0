import { Alert, Box, Image, ScrollArea, Skeleton, Stack, Text } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { askRaw } from '#portal/kit/ask.ts'
import { bytesText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { contentAddress, type DatasetFile } from './dataset.ts'
import { mayBeTable, mostPreviewBytes, previewKind, textOf } from './preview-kind.ts'

const TablePreview = lazy(() =>
  import('./TablePreview.tsx').then(({ TablePreview: component }) => ({ default: component })),
)

interface FilePreviewProps {
  readonly file: DatasetFile
  readonly version: string
}

/** Pictures beyond this are slow to come and to draw. */
const mostPictureBytes = 30 * 1024 * 1024

/** A look into a file. Nothing in it is ever run: pictures are pictures, everything else is text. */
export function FilePreview({ file, version }: FilePreviewProps) {
  if (!file.may_download) return <NoPreview>You may not have this file, so there is no preview of it.</NoPreview>
  if (file.bytes === 0) return <NoPreview>The file is empty.</NoPreview>
  return mayBeTable(file.name) ? (
    <Suspense fallback={<Skeleton height={240} aria-busy="true" aria-label="Loading" />}>
      <TablePreview file={file} otherwise={<PlainPreview file={file} version={version} />} />
    </Suspense>
  ) : (
    <PlainPreview file={file} version={version} />
  )
}

function PlainPreview({ file, version }: FilePreviewProps) {
  switch (previewKind(file.media_type)) {
    case 'picture':
      return <PicturePreview file={file} version={version} />
    case 'text':
      return <TextPreview file={file} version={version} />
    case 'pdf':
      return (
        <NoPreview>
          <a href={contentAddress(file.id, version, 'inline')} target="_blank" rel="noreferrer">
            Open the PDF in a tab of its own
          </a>
        </NoPreview>
      )
    default:
      return <NoPreview>Files of this type can’t be shown here; download it to look into it.</NoPreview>
  }
}

const NoPreview = ({ children }: { children: ReactNode }) => (
  <Alert color="gray" icon={<IconEyeOff aria-hidden />}>
    {children}
  </Alert>
)

function PicturePreview({ file, version }: FilePreviewProps) {
  const [failed, fail] = useState(false)
  if (file.bytes > mostPictureBytes)
    return <NoPreview>The picture has {bytesText(file.bytes)}: too much for a preview.</NoPreview>
  if (failed) return <NoPreview>The picture can’t be shown: what is in the file is not what its type says.</NoPreview>
  return (
    <Image
      src={contentAddress(file.id, version, 'preview')}
      alt={file.description || file.name}
      fit="contain"
      mah={520}
      w="auto"
      maw="100%"
      radius="md"
      onError={() => fail(true)}
    />
  )
}

function TextPreview({ file, version }: FilePreviewProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['beginning of', file.id],
    queryFn: async ({ signal }) => {
      const reply = await askRaw('GET /v1/files/:file/content', {
        params: { file: String(file.id) },
        query: { version, preview: true },
        headers: { range: `bytes=0-${mostPreviewBytes - 1}` },
        signal,
      })
      return new Uint8Array(await reply.arrayBuffer())
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={240} aria-busy="true" aria-label="Loading" />
  const isWhole = data.length >= file.bytes
  const text = textOf(data, isWhole)
  if (text === null) return <NoPreview>What is in the file is no text; download it to look into it.</NoPreview>
  return (
    <Stack gap={4}>
      <ScrollArea.Autosize mah={520} type="auto">
        <Box
          component="pre"
          tabIndex={0}
          role="region"
          aria-label={`Beginning of ${file.name}`}
          m={0}
          p="sm"
          fz="sm"
          bg="var(--mantine-color-default-hover)"
          bdrs="md"
          style={{
            fontFamily: 'var(--mantine-font-family-monospace)',
            whiteSpace: 'pre-wrap',
            overflowWrap: 'anywhere',
          }}
        >
          {text}
        </Box>
      </ScrollArea.Autosize>
      {!isWhole && (
        <Text size="sm" c="dimmed">
          The first {bytesText(data.length)} of {bytesText(file.bytes)}.
        </Text>
      )}
    </Stack>
  )
}
