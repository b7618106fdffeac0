/**
 * Colours that stay apart for people who see few of them, after Okabe and Ito, darkened or lightened until each has
 * 3:1 against its background. Lines also differ by their marks, so nothing hangs on colour alone.
 */
export interface ChartColors {
  readonly series: readonly string[]
  readonly others: string
  readonly text: string
  readonly dimmed: string
  readonly line: string
  readonly background: string
}

export const lightColors: ChartColors = {
  series: [
    '#0072b2',
    '#c44f00',
    '#00805e',
    '#b0458a',
    '#7d6608',
    '#5b4fc4',
    '#a3262a',
    '#2a7f9e',
    '#6b7a00',
    '#7a4a2b',
  ],
  others: '#767c82',
  text: '#1f2429',
  dimmed: '#5b636b',
  line: '#dde1e5',
  background: '#ffffff',
}

export const darkColors: ChartColors = {
  series: [
    '#56b4e9',
    '#e69f00',
    '#2fc29a',
    '#e08bc0',
    '#f0e442',
    '#a79df5',
    '#ff8a80',
    '#7fd4ee',
    '#b9c94f',
    '#d9a27f',
  ],
  others: '#9aa2a9',
  text: '#e6e9ec',
  dimmed: '#a9b1b8',
  line: '#3b4248',
  background: '#242424',
}
