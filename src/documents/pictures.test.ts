import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeChart } from './describe-chart.ts'
import type { ChartBlock, ChartSpec } from './document.ts'
import { openPress } from './press.ts'
import { sampleDocument } from './sample-document.ts'

const press = openPress({ organization: 'Example University' })
after(() => press.close())

const block = sampleDocument().blocks.find((each): each is ChartBlock => each.kind === 'chart')!
const chart = (spec: Partial<ChartSpec>): ChartBlock => ({
  kind: 'chart',
  title: 'T',
  chart: { ...block.chart, ...spec },
})
const svgOf = async (each: ChartBlock): Promise<string> => Buffer.from((await press.svg(each)).bytes).toString()

test('a chart as SVG has its title, its words for those who don’t see it, and every series', async () => {
  const svg = await svgOf({ ...block, title: 'Core <hours>' })
  assert.match(svg, /^<svg role="img" [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  assert.match(
    svg,
    /<title>Core &#60;hours&#62;<\/title><desc>Line chart: Core &#60;hours&#62;, 12 groups, Jan 2026 to Dec 2026/,
  )
  for (const { name } of block.chart.series) assert.ok(svg.includes(`>${name}</text>`), name)
  assert.ok(!/<script|href=|<style|zr\d|ecmeta/.test(svg))
})

test('equal charts are equal bytes, however many were drawn before', async () => {
  const [one, , two] = [await svgOf(block), await svgOf(chart({ type: 'pie' })), await svgOf(block)]
  assert.ok(one === two)
})

test('a PNG is twice as fine as it is big and carries its title and words', async () => {
  const { bytes, mediaType } = await press.png({ ...block, title: 'Straße' })
  const file = Buffer.from(bytes)
  assert.equal(mediaType, 'image/png')
  assert.equal(file.readUInt32BE(16), 1440)
  const at = file.indexOf('iTXtTitle\0')
  assert.ok(at > 0 && file.indexOf('iTXtDescription\0') > at)
  assert.ok(file.includes(Buffer.from('Straße')))
})

for (const type of ['bar', 'stacked_bar', 'line', 'area', 'pie'] as const)
  test(`a ${type} chart draws what there is, and says where there is nothing`, async () => {
    assert.match(await svgOf(chart({ type })), /<path/)
    assert.match(
      await svgOf(chart({ type, series: [{ name: 'a', values: [null, Number.NaN] }] })),
      /There is nothing to draw/,
    )
  })

test('what is too much to be told apart is left out and told; small pieces of a pie become one', async () => {
  const many = chart({ type: 'bar', categories: Array.from({ length: 150 }, (_, i) => `g${i}`) })
  assert.deepEqual((await press.svg(many)).cuts, ['“T” shows the first 100 of 150 groups.'])
  const pie = chart({
    type: 'pie',
    categories: Array.from({ length: 20 }, (_, i) => `g${i}`),
    series: [{ name: 'a', values: Array.from({ length: 20 }, () => 1) }],
  })
  assert.match(await svgOf(pie), /9 others/)
})

test('a chart is described by where each series is lowest and highest', () => {
  const values = [3, 1, null, 2]
  assert.equal(
    describeChart(
      chart({ type: 'bar', categories: ['a', 'b', 'c', 'd'], unit: 'h', decimals: 1, series: [{ name: 'x', values }] }),
    ),
    'Bar chart: T, 4 groups, a to d. Values: from 1.0 h (b) to 3.0 h (a).',
  )
})
