import { Button, Group, Menu } from '@mantine/core'
import { IconFileExport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { exportAddress, formatsQuery } from './dataset.ts'

interface ExportMenuProps {
  readonly dataset: number
  /** As addresses have it. */
  readonly version: string
}

/** The metadata in the forms that other systems read. */
export function ExportMenu({ dataset, version }: ExportMenuProps) {
  const { data } = useQuery(formatsQuery)
  const formats = (data?.items ?? []).filter(({ kind }) => kind === 'metadata')
  return (
    <Group>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" leftSection={<IconFileExport size={16} aria-hidden />} disabled={!data}>
            Export metadata
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {formats.map(({ name, label }) => (
            <Menu.Item
              key={name}
              component="a"
              target="_blank"
              rel="noreferrer"
              href={exportAddress(dataset, version, name)}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
