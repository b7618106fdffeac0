import { ActionIcon, type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'

export const colourSchemes = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const satisfies readonly { value: MantineColorScheme; label: string; icon: typeof IconSun }[]

/** Light, dark, or as the system has it, one after the other; kept for the next visit. */
export function ColourScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const at = colourSchemes.findIndex(({ value }) => value === colorScheme)
  const { icon: Icon, label } = colourSchemes[at] ?? colourSchemes[2]
  const next = colourSchemes[(at + 1) % colourSchemes.length] ?? colourSchemes[0]
  const says = `Colours: ${label}. Switch to: ${next.label}`
  return (
    <ActionIcon variant="default" size={30} aria-label={says} title={says} onClick={() => setColorScheme(next.value)}>
      <Icon size={18} aria-hidden />
    </ActionIcon>
  )
}
