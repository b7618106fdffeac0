import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCode } from '@tabler/icons-react'
import { CopyDialog } from './CopyDialog.tsx'
import { copyQuestion } from './copy-as.ts'
import { DownloadMenu } from './DownloadMenu.tsx'
import type { Drawing } from './drawing.ts'
import { ExportDialog } from './ExportDialog.tsx'
import { type Answer, askOf, type Model, type Question } from './question.ts'

interface TakeAwayProps {
  readonly model: Model
  readonly question: Question
  readonly answer: Answer | undefined
  readonly drawing: Drawing | null
}

/** The question for a program elsewhere, and the answer as a file. */
export function TakeAway({ model, question, answer, drawing }: TakeAwayProps) {
  const [isOpen, dialog] = useDisclosure(false)
  const [isExporting, exporting] = useDisclosure(false)
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconCode size={16} aria-hidden />} onClick={dialog.open}>
        Copy as
      </Button>
      <DownloadMenu model={model} question={question} answer={answer} drawing={drawing} openExport={exporting.open} />
      {isExporting && <ExportDialog asked={{ query: askOf(model.name, question) }} opened close={exporting.close} />}
      {isOpen && (
        <CopyDialog
          close={dialog.close}
          copies={copyQuestion({ site: window.location.origin, model, days: answer?.period ?? null }, question)}
        />
      )}
    </Group>
  )
}
