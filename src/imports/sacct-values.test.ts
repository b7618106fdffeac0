import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { count, durationSeconds, firstNode, gpusOf, jobIds, unixSeconds } from './sacct-values.ts'

test('every second of a day from 1970 to 2106 is read as Date reads it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffff_ffff }), (seconds) => {
      assert.equal(unixSeconds(new Date(seconds * 1000).toISOString().slice(0, 19)), seconds)
    }),
  )
})

test('texts that are no time are not taken for one', () => {
  const texts = [
    '',
    '0',
    'Unknown',
    'None',
    '2026-02-29T00:00:00',
    '2026-04-31T00:00:00',
    '2026-13-01T00:00:00',
    '2026-00-01T00:00:00',
    '2026-01-01T24:00:00',
    '2026-01-01T00:60:00',
    '2026-01-01 00:00:00',
    '2026-01-01T00:00:0x',
    '20x6-01-01T00:00:00',
    '2026-01-01T00:00:00Z',
    '0000-00-00T00:00:00',
    '1970-01-01T00:00:00',
  ]
  for (const text of texts) assert.equal(unixSeconds(text), null, text)
  assert.notEqual(unixSeconds('2028-02-29T00:00:00'), null)
})

test('durations have days, hours and fractions or not', () => {
  assert.equal(durationSeconds('08:00:00'), 28_800)
  assert.equal(durationSeconds('10-13:27:06'), 10 * 86_400 + 13 * 3600 + 27 * 60 + 6)
  assert.equal(durationSeconds('00:00:01.950'), 1)
  assert.equal(durationSeconds('05:30'), 330)
  for (const text of ['', 'UNLIMITED', 'Partition_Limit', '1-', '1:2:3:4', '-01:00:00']) {
    assert.equal(durationSeconds(text), null, text)
  }
})

test('counts are whole numbers of 32 bits', () => {
  assert.equal(count('0'), 0)
  assert.equal(count('2147483647'), 2_147_483_647)
  for (const text of ['', '2147483648', '99999999999', '-1', '1.5', '1K', ' 1', '1e3'])
    assert.equal(count(text), null, text)
})

test('the first GPU item of the allocation tells how many', () => {
  assert.equal(gpusOf('billing=4,cpu=4,gres/gpu=2,node=1'), 2)
  assert.equal(gpusOf('gres/gpu:a100=4,gres/gpu=6'), 4)
  assert.equal(gpusOf('cpu=4,gres/gpu:tesla:x=3'), 3)
  assert.equal(gpusOf('cpu=4,gres/gpumem=80G,gres/gpu=1'), 1)
  assert.equal(gpusOf('cpu=4,gres/gpuutil=10'), 0)
  assert.equal(gpusOf('cpu=4,no/gres/gpu=10'), 0)
  assert.equal(gpusOf(''), 0)
  assert.equal(gpusOf('gres/gpu=many'), null)
})

test('array lists become their elements', () => {
  assert.deepEqual(jobIds('123', '123'), { jobId: 123, elements: [-1] })
  assert.deepEqual(jobIds('123_4', '127'), { jobId: 123, elements: [4] })
  assert.deepEqual(jobIds('123_[1-3,7]', '123'), { jobId: 123, elements: [1, 2, 3, 7] })
  assert.deepEqual(jobIds('123_[0-8:4%2]', '123'), { jobId: 123, elements: [0, 4, 8] })
  assert.deepEqual(jobIds('123_[2,2,1-2]', '123'), { jobId: 123, elements: [2, 1] })
})

test('a component of a heterogeneous job is known by its raw number', () => {
  assert.deepEqual(jobIds('123+1', '124'), { jobId: 124, elements: [-1] })
})

test('unreadable job ids, and arrays larger than Slurm can make, are refused', () => {
  for (const id of [
    '',
    'x',
    '12x',
    '123_',
    '123_[',
    '123_[]',
    '123_[3-1]',
    '123_[1-3',
    '123_[a]',
    '123_[1-999999999]',
    '1'.repeat(20),
  ]) {
    assert.equal(jobIds(id, id), null, id)
  }
})

test('the first node of a list is found through commas and brackets', () => {
  assert.equal(firstNode('n01'), 'n01')
  assert.equal(firstNode('n01,n02'), 'n01')
  assert.equal(firstNode('n[03-05,09],x1'), 'n03')
  assert.equal(firstNode('n[7,9]'), 'n7')
  assert.equal(firstNode('a[1-2]-ib,b'), 'a1-ib')
  assert.equal(firstNode(''), '')
  assert.equal(firstNode('n['), 'n')
})
