/** What is deposited: the same bytes and names every time. */
import { createCipheriv } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { leastDataset } from '#test/dataverse-examples.ts'

/** Noise that no compression shrinks. */
export function noise(bytes: number, seed: number): Buffer {
  const key = Buffer.alloc(16, seed)
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes))
}

export const csv = (rows: number): string =>
  `day,counts\n${Array.from({ length: rows }, (_, i) => `2026-11-${String((i % 30) + 1).padStart(2, '0')},${i * 7}\n`).join('')}`

/** By path below the directory; what clients make of a name is theirs, what comes back is compared. */
const files: Readonly<Record<string, string | Buffer>> = {
  'nothing.txt': '',
  'fifty-megabytes.bin': noise(50 * 1024 * 1024, 1),
  'Übersicht – Zürich №1.csv': csv(40),
  'it’s (a copy) [2] {x} & 100%, +=@~!$^.txt': 'odd\n',
  "single 'quotes'.txt": 'quotes\n',
  '日本語のファイル名.txt': '日本語\n',
  '.hidden': 'hidden\n',
  'two..dots...txt': 'dots\n',
  'no-extension': 'plain\n',
  [`${'long-'.repeat(47)}.txt`]: 'long\n',
  'script.py': 'print("hello")\n',
  'page.html': '<script>alert(1)</script>\n',
  'raw/2026/counts.csv': csv(200),
  'raw/2025/counts.csv': csv(100),
  'raw/2025/twin.txt': 'twins\n',
  'raw/2026/twin.txt': 'twins\n',
}

/** Writes them into `directory`, for every client alike. */
export async function writeFiles(directory: string): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

/** The smallest dataset that can be published; `word` is for the search to find. */
export const dataset = (title: string, word: string) => leastDataset(title, {}, `Counts per square metre: ${word}.`)

export const collection = (alias: string) => ({
  alias,
  name: `Sandpiper Lab of ${alias}`,
  dataverseContacts: [{ contactEmail: 'pi@example.org' }],
  affiliation: 'Example U',
  description: 'Shore birds.',
  dataverseType: 'LABORATORY',
})
