import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { TestContext } from 'node:test'

interface Outcome {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly text: string
}

/** Runs a Python program that tells its outcomes on descriptor 3 (reporter.py); each becomes a test of its own. */
export async function report(
  t: TestContext,
  python: string,
  how: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(python, ['-B', '-W', 'ignore', ...how], {
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', PYTHONPATH: import.meta.dirname, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const said: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text))
  let told = 0
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const { name, outcome, text } = JSON.parse(line) as Outcome
    told++
    await t.test(name, { skip: outcome === 'skipped' ? text : false }, () => {
      if (outcome === 'failed') throw new Error(text)
    })
  }
  assert.equal(await exit, 0, said.join(''))
  assert.ok(told > 0, 'the program told no outcome')
}
