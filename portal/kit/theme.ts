import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const teal: MantineColorsTuple = [
  '#e8f7f4',
  '#d2ece6',
  '#a5d9cd',
  '#74c5b2',
  '#4eb49c',
  '#36a98d',
  '#279f82',
  '#148a6f',
  '#0b6b5d',
  '#06564a',
]

/** One calm colour; everything readable at AA in both schemes. Deviations from Mantine's defaults are axe's findings. */
export const theme = createTheme({
  colors: { teal },
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
  components: {
    Modal: {
      styles: { title: { fontWeight: 650 } },
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, centered: true },
    },
    Drawer: { styles: { title: { fontWeight: 650 } }, defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    // In the colour of the alert, orange and yellow would be too pale to read.
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    // A `header` outside the page's own would be a second banner.
    ModalHeader: { defaultProps: { component: 'div' } },
    DrawerHeader: { defaultProps: { component: 'div' } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Anchor: { defaultProps: { underline: 'always' } },
  },
})

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b636b',
    '--mantine-color-placeholder': '#6b737b',
    '--mantine-color-error': '#c22525',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b1b8',
    '--mantine-color-placeholder': '#9aa2a9',
    '--mantine-color-error': '#ff8f8f',
    '--mantine-color-anchor': '#74c5b2',
  },
})
