import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconFilePlus, IconFolderPlus, IconUpload } from '@tabler/icons-react'
import { type DragEvent, useRef, useState } from 'react'
import { notifyProblem } from '#portal/kit/notify.ts'
import { everyDraftFile } from './draft-files.ts'
import { droppedFiles, type PickedFile, pickedFiles } from './dropped-files.ts'
import style from './UploadArea.module.css'
import { UploadQuestions } from './UploadQuestions.tsx'
import { cleanDirectory } from './upload-items.ts'
import { type Question, questionOf } from './upload-question.ts'
import type { Queue } from './upload-queue.ts'

/** Where files and folders are dropped or chosen; what has to be known of them first is asked. */
export function UploadArea({ queue }: { queue: Queue }) {
  const [folder, setFolder] = useState('')
  const [isOver, setOver] = useState(false)
  const [isReading, setReading] = useState(false)
  const [question, setQuestion] = useState<Question | null>(null)
  const files = useRef<HTMLInputElement>(null)
  const folders = useRef<HTMLInputElement>(null)

  const take = async (picking: Promise<readonly PickedFile[]>) => {
    setReading(true)
    try {
      const picked = await picking
      const within = cleanDirectory(folder)
      const placed = picked.map(({ directory, ...one }) => ({
        ...one,
        directory: cleanDirectory(`${within}/${directory}`),
      }))
      const asked = questionOf(placed, await everyDraftFile(queue.dataset), queue.items.get())
      if (asked.zips.length === 0 && asked.taken.length === 0) queue.add(placed)
      else setQuestion(asked)
    } catch (error) {
      notifyProblem(error)
    } finally {
      setReading(false)
    }
  }
  const chosen = (input: HTMLInputElement) => {
    void take(Promise.resolve(pickedFiles(input.files ?? [])))
    // The same file may be chosen again.
    input.value = ''
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(droppedFiles(event.dataTransfer))
  }
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; this is a place to drop things at. */}
      <div
        role="group"
        aria-label="Upload files"
        className={style.area}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
        }}
        onDrop={drop}
      >
        <Stack align="center" gap="sm">
          <IconUpload size={32} aria-hidden />
          <Text>Drop files and folders here</Text>
          <Group gap="xs" justify="center">
            <Button
              leftSection={<IconFilePlus size={18} aria-hidden />}
              loading={isReading}
              onClick={() => files.current?.click()}
            >
              Choose files
            </Button>
            <Button
              variant="default"
              leftSection={<IconFolderPlus size={18} aria-hidden />}
              onClick={() => folders.current?.click()}
            >
              Choose a folder
            </Button>
          </Group>
          <Text size="sm" c="dimmed" maw={560}>
            Folders keep their names. An upload that is cut off goes on where it stopped: by itself when the connection
            is back, or when you give the same file again.
          </Text>
          <TextInput
            label="Put them into the folder"
            placeholder="Top level"
            value={folder}
            onChange={(event) => setFolder(event.currentTarget.value)}
            w={300}
            maw="100%"
            ta="left"
          />
        </Stack>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          aria-label="Files to upload"
          onChange={(event) => chosen(event.currentTarget)}
        />
        <input
          ref={folders}
          type="file"
          multiple
          hidden
          aria-label="Folder to upload"
          onChange={(event) => chosen(event.currentTarget)}
          {...{ webkitdirectory: '' }}
        />
      </div>
      {question && (
        <UploadQuestions
          question={question}
          onCancel={() => setQuestion(null)}
          onDone={(answered) => {
            setQuestion(null)
            queue.add(answered)
          }}
        />
      )}
    </>
  )
}
