import { Button, Group, Menu } from '@mantine/core'
import { IconFileExport } from '@tabler/icons-react'
import { exportFormats } from './export-formats.ts'

interface ExportMenuProps {
  readonly dataset: number
  /** As addresses have it. */
  readonly version: string
}

/** The metadata in the forms that other systems read. */
export function ExportMenu({ dataset, version }: ExportMenuProps) {
  return (
    <Group>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" leftSection={<IconFileExport size={16} aria-hidden />}>
            Export metadata
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {exportFormats.map(({ name, label }) => (
            <Menu.Item
              key={name}
              component="a"
              target="_blank"
              rel="noreferrer"
              href={`/v1/datasets/${dataset}/versions/${version}/export/${name}`}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
