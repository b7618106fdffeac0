/** The portal's colours on white (`portal/warehouse/chart-colors.ts`; a test holds them equal). */
export const chartColors = {
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
} as const
