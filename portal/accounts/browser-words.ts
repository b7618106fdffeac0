const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** What a browser calls itself, in the words that its owner knows it by: `Firefox on Linux`. Programs keep their name. */
export function browserWords(client: string | null): string {
  if (client === null || client.trim() === '') return 'Unknown browser'
  const browser = browsers.find(([pattern]) => pattern.test(client))?.[1]
  const system = systems.find(([pattern]) => pattern.test(client))?.[1]
  if (browser) return system ? `${browser} on ${system}` : browser
  if (client.startsWith('Mozilla/')) return system ? `Browser on ${system}` : 'Unknown browser'
  return client.split(' ', 1)[0]!.slice(0, 60)
}
