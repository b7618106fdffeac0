import { availableParallelism, loadavg } from 'node:os'
import type { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { chromiumWanted, findChromium } from '#scripts/find-chromium.ts'
import { csv } from '#src/documents/csv.ts'
import type { Cell, Document, TableBlock } from '#src/documents/document.ts'
import { cellFormat } from '#src/documents/figures.ts'
import { openPress, type Press } from '#src/documents/press.ts'
import { madeUpNumbers, sampleDocument, sampleTable } from '#src/documents/sample-document.ts'
import { type BenchRow, median } from './row.ts'

const rounds = 9
const flags = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu']

/** What the press takes, beside a browser that prints the same report, and how much of our own loop a workbook takes. */
export async function run(): Promise<BenchRow[]> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error(chromiumWanted)
  const press = openPress({ organization: 'Example University', limits: { processes: 1 } })
  const browser = await chromium.launch({ executablePath, args: flags })
  try {
    return [...(await printing(press, browser, executablePath)), ...(await others(press)), ...(await workbooks())]
  } finally {
    await browser.close()
    await press.close()
  }
}

/** Other numbers each time, so that nobody gains by remembering. */
let seed = 0
const report = (): Document => sampleDocument({ rows: 500, seed: ++seed })

async function printing(press: Press, browser: Browser, executablePath: string): Promise<BenchRow[]> {
  const [ours, warm, cold, sizes]: [number[], number[], number[], number[]] = [[], [], [], []]
  await press.pdf(report())
  await printed(browser, await pageOf(press, report()))
  for (let round = 0; round < rounds; round++) {
    const document = report()
    ours.push(await took(async () => sizes.push((await press.pdf(document)).bytes.length)))
    // The browser gets its page ready made: no application to load, no data to wait for.
    const page = await pageOf(press, report())
    warm.push(await took(() => printed(browser, page)))
    if (round % 3 === 0)
      cold.push(
        await took(async () => {
          const own = await chromium.launch({ executablePath, args: flags })
          await printed(own, page)
          await own.close()
        }),
      )
  }
  const our = median(ours)
  const facts = `medians of ${rounds} (cold: ${cold.length}), new numbers each time; ${Math.round(median(sizes) / 1000)} kB; ${busy()}`
  const name = 'report to PDF (cards, chart, 500 rows)'
  return [
    {
      name,
      ours: `${Math.round(our)} ms`,
      baseline: 'none',
      ratio: null,
      bar: '≤ 150 ms',
      met: our <= 150,
      note: facts,
    },
    {
      name: `${name}, beside a warm browser`,
      ours: `${Math.round(our)} ms`,
      baseline: `headless Chromium, warm, a new page: ${Math.round(median(warm))} ms`,
      ratio: median(warm) / our,
      bar: '≥ 3 × faster',
      met: median(warm) / our >= 3,
    },
    {
      name: `${name}, beside a cold browser`,
      ours: `${Math.round(our)} ms`,
      baseline: `headless Chromium, started for it: ${Math.round(median(cold))} ms`,
      ratio: median(cold) / our,
      bar: '≥ 5 × faster',
      met: median(cold) / our >= 5,
    },
  ]
}

async function printed(browser: Browser, html: string): Promise<number> {
  const page = await browser.newPage()
  await page.setContent(html)
  const bytes = await page.pdf({ format: 'A4', displayHeaderFooter: true, headerTemplate: '<span></span>' })
  await page.close()
  return bytes.length
}

/** The same report as a static page. */
async function pageOf(press: Press, document: Document): Promise<string> {
  const blocks = await Promise.all(
    document.blocks.map(async (block) => {
      if (block.kind === 'chart') return Buffer.from((await press.svg(block)).bytes).toString()
      if (block.kind === 'table') return tableOf(block)
      if (block.kind === 'number')
        return `<div class="card">${block.title}<br><b>${block.value}</b> ${block.unit}</div>`
      return `<p>${block.markdown}</p>`
    }),
  )
  const facts = document.facts.map(({ label, value }) => `<tr><td>${label}</td><td>${value}</td></tr>`)
  return `<!doctype html><style>body{font:9.5pt sans-serif}table{border-collapse:collapse;width:100%;font-size:8.5pt}th{text-align:left}td{border-bottom:.4pt solid #ddd;padding:3pt 4pt}.n{text-align:right}.card{display:inline-block;border:1px solid #ddd;padding:9pt}</style><h1>${document.title}</h1><p>${document.subtitle}</p><table>${facts.join('')}</table>${blocks.join('')}`
}

function tableOf({ columns, rows }: TableBlock): string {
  const formats = columns.map((column) => cellFormat(column, 'UTC'))
  const lines = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${i > 2 ? ' class="n"' : ''}>${formats[i]!(cell)}</td>`).join('')}</tr>`,
  )
  return `<table><thead><tr>${columns.map(({ label }) => `<th>${label}</th>`).join('')}</tr></thead><tbody>${lines.join('')}</tbody></table>`
}

async function others(press: Press): Promise<BenchRow[]> {
  const [mails, pictures]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const document = report()
    mails.push(await took(() => press.mail(document)))
    const chart = document.blocks.find((block) => block.kind === 'chart')!
    pictures.push(await took(() => press.png(chart)))
  }
  return [
    {
      name: 'the same report as a mail, its chart as a picture',
      ours: `${Math.round(median(mails))} ms`,
      baseline: `the picture alone (PNG, 1,440 dots across): ${Math.round(median(pictures))} ms`,
      ratio: median(mails) / median(pictures),
      bar: 'none in the design',
      met: true,
    },
  ]
}

const most = 100_000

/** In this process: what counts is how long nobody else has a turn. */
async function workbooks(): Promise<BenchRow[]> {
  const press = openPress({ organization: 'Example University' })
  const [ours, packed]: [Measured[], Measured[]] = [[], []]
  for (let round = 0; round < 5; round++) {
    const document = bigReport()
    ours.push(await measured(() => drained(press.xlsx(document).stream)))
    packed.push(await measured(() => drained(csv(document, false).pipe(createGzip({ level: 1 })))))
  }
  await press.close()
  const time = median(ours.map(({ ms }) => ms))
  const csvTime = median(packed.map(({ ms }) => ms))
  const stall = Math.max(...ours.map((each) => each.stall))
  const memory = Math.max(...ours.map((each) => each.memory))
  return [
    {
      name: 'workbook of 100,000 × 8 typed cells (XLSX)',
      ours: `${Math.round(time)} ms`,
      baseline: `the same rows as gzipped CSV: ${Math.round(csvTime)} ms`,
      ratio: time / csvTime,
      bar: 'none in the design',
      met: true,
      note: `median of ${ours.length}, new rows each time; ${(median(ours.map(({ bytes }) => bytes)) / 1e6).toFixed(1)} MB`,
    },
    {
      name: 'longest stall of the event loop meanwhile',
      ours: `${Math.round(stall)} ms`,
      baseline: `gzipping CSV: ${Math.round(Math.max(...packed.map((each) => each.stall)))} ms`,
      ratio: null,
      bar: '≤ 50 ms',
      met: stall <= 50,
      note: `longest of ${ours.length} rounds; memory grew by ${Math.round(memory / 1e6)} MB at most, rows not counted; ${busy()}`,
    },
  ]
}

function bigReport(): Document {
  const next = madeUpNumbers(++seed)
  const table = sampleTable(1)
  const rows = Array.from({ length: most }, (_, i): Cell[] => [
    `pi-${i}`,
    `person ${Math.floor(next() * 5000)}`,
    `queue ${i % 9}`,
    Math.round(next() * 40_000),
    next() * 1e6,
    next() * 100,
    `2026-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
    next() > 0.5,
  ])
  const columns: TableBlock['columns'] = [
    ...table.columns,
    { name: 'share', label: 'Share', type: 'percent' },
    { name: 'day', label: 'Day', type: 'date' },
    { name: 'ok', label: 'Checked', type: 'boolean' },
  ]
  return { ...sampleDocument({ rows: 1 }), blocks: [{ kind: 'table', title: 'Big', columns, rows }] }
}

async function drained(stream: Readable): Promise<number> {
  let bytes = 0
  for await (const chunk of stream) bytes += (chunk as Buffer).length
  return bytes
}

interface Measured {
  readonly ms: number
  readonly bytes: number
  readonly stall: number
  readonly memory: number
}

async function measured(work: () => Promise<number>): Promise<Measured> {
  const before = process.memoryUsage().rss
  let [stall, memory, last] = [0, 0, performance.now()]
  const timer = setInterval(() => {
    const now = performance.now()
    stall = Math.max(stall, now - last - tick)
    memory = Math.max(memory, process.memoryUsage().rss - before)
    last = now
  }, tick)
  const began = performance.now()
  const bytes = await work()
  const ms = performance.now() - began
  clearInterval(timer)
  return { ms, bytes, stall, memory }
}
const tick = 2

/** Absolute figures mean nothing without it. */
const busy = (): string => `load of the machine ${loadavg()[0]!.toFixed(0)} on ${availableParallelism()} cores`

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
