import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useYou } from '#portal/instance/instance.ts'
import { notifyProblem } from '#portal/kit/notify.ts'
import { saveFile } from '#portal/kit/save-file.ts'
import { spreadsheetCsv } from '#portal/kit/spreadsheet-csv.ts'
import { downloadAddress } from './downloads.ts'
import type { Drawing } from './drawing.ts'
import { titleOf } from './numbers.ts'
import type { Answer, Model, Question } from './question.ts'

interface DownloadMenuProps {
  readonly model: Model
  readonly question: Question
  /** Undefined while it isn't there. */
  readonly answer: Answer | undefined
  readonly drawing: Drawing | null
  /** For what is too much to wait for: a file that is made in the background. */
  readonly openExport: () => void
}

export function DownloadMenu({ model, question, answer, drawing, openExport }: DownloadMenuProps) {
  const isSignedIn = useYou() !== null
  const name = `${model.name}-${question.metrics[0]}`
  const address = (format: 'csv' | 'parquet'): string => downloadAddress(model.name, question, format)
  const saveSheet = () => {
    if (!answer) return
    const head = answer.columns.map((column) => {
      const metric = model.metrics.find((one) => one.name === column.of)
      return column.role === 'metric' && metric ? titleOf(metric) : column.label
    })
    saveFile(`${name}-excel.csv`, new Blob([spreadsheetCsv(head, answer.rows)], { type: 'text/csv' }))
  }
  const savePicture = async (format: 'svg' | 'png') => {
    if (!answer || !drawing) return
    try {
      const { chartPicture } = await import('./chart-picture.ts')
      const picture = await chartPicture({ model, question, answer, drawing, from: window.location.host }, format)
      saveFile(`${name}.${format}`, picture)
    } catch (error) {
      notifyProblem(error)
    }
  }
  const isEmpty = !answer || answer.rows.length === 0
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>The numbers</Menu.Label>
        <Menu.Item component="a" href={address('csv')} download={`${name}.csv`}>
          CSV
        </Menu.Item>
        <Menu.Item onClick={saveSheet} disabled={isEmpty}>
          CSV for Excel
        </Menu.Item>
        <Menu.Item component="a" href={address('parquet')} download={`${name}.parquet`}>
          Parquet
        </Menu.Item>
        {isSignedIn && <Menu.Item onClick={openExport}>Export in the background…</Menu.Item>}
        <Menu.Label>The chart</Menu.Label>
        <Menu.Item onClick={() => void savePicture('png')} disabled={isEmpty}>
          PNG
        </Menu.Item>
        <Menu.Item onClick={() => void savePicture('svg')} disabled={isEmpty}>
          SVG
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
