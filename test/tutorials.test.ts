import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { tokenPattern } from '#src/tokens/token-format.ts'
import { type FirstStart, firstStart } from './first-start.ts'
import { assertAlike } from './written-output.ts'

const run = promisify(execFile)
const root = path.resolve(import.meta.dirname, '..')

/** A block ```sh of a page, and what the page says it prints (```json or ```text, `same` or `alike`). */
interface Step {
  readonly commands: string
  readonly printed: { readonly how: 'same' | 'alike'; readonly text: string } | null
}

function stepsOf(page: string): Step[] {
  const fence = /^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm
  const blocks = [...page.matchAll(fence)].map(([, kind = '', how = '', text = '']) => ({ kind, how, text }))
  return blocks.flatMap(({ kind, text }, i) => {
    if (kind !== 'sh') return []
    const next = blocks[i + 1]
    const printed = next && (next.how === 'same' || next.how === 'alike') ? { how: next.how, text: next.text } : null
    return [{ commands: text, printed } as Step]
  })
}

describe('a newcomer', () => {
  let started: FirstStart
  /** As the checkout looks to whoever pastes, so that what they write does not stay in it. */
  let place: string
  before(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'tessera-newcomer-'))
    await symlink(path.join(root, 'tessera'), path.join(place, 'tessera'))
    started = await firstStart(root)
  })
  after(async () => {
    await started.stop()
    await rm(place, { recursive: true, force: true })
  })

  /** Runs commands as pasted into one shell; returns what each of them printed. */
  async function paste(steps: readonly string[]): Promise<string[]> {
    const mark = '--- the next block ---'
    const script = steps.join(`\nprintf '\\n${mark}\\n'\n`).replaceAll('http://localhost:8080', started.address)
    const { stdout } = await run('sh', ['-euc', script], { cwd: place, env: started.environment })
    return stdout.split(`\n${mark}\n`)
  }

  test('can paste what the closing message of the first start says', async () => {
    const [curl, issue] = started.said
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^(curl|\.\/tessera) /.test(line))
    assert.ok(curl && issue, started.said)
    const [answer = '', token = ''] = await paste([`${curl} -sf`, issue])
    assert.equal((JSON.parse(answer) as { rows: unknown[] }).rows.length, 5)
    assert.match(token, new RegExp(`^${tokenPattern.source}\\s*$`))
  })

  for (const name of ['README.md', 'docs/tutorials/first-token.md'])
    test(`can paste ${name}, and sees what it shows`, async () => {
      const steps = stepsOf(await readFile(path.join(root, name), 'utf8'))
      assert.ok(steps.filter(({ printed }) => printed).length >= 2, 'the blocks were found')
      const outputs = await paste(steps.map(({ commands }) => commands))
      for (const [i, { commands, printed }] of steps.entries()) {
        const output = (outputs[i] ?? '').replaceAll(started.address, 'http://localhost:8080')
        if (printed?.how === 'same') assert.equal(output.trim(), printed.text.trim(), commands)
        if (printed?.how === 'alike') assertAlike(output, printed.text, commands)
      }
    })
})
