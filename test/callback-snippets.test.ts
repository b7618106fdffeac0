import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { signatureOf } from '#src/outbound/send-signed.ts'

const page = path.resolve(import.meta.dirname, '../docs/how-to/start-and-follow-runs.md')
const secret = 'a secret of sixteen'
const body = '{"type":"run.ended","data":{"text":"ünïcode"}}'

const snippetOf = async (kind: string, mark: string): Promise<string> => {
  const blocks = [...(await readFile(page, 'utf8')).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  const found = blocks.find(([, of, text = '']) => of === kind && text.includes(mark))?.[2]
  assert.ok(found, `the page has no ${kind} with ${mark}`)
  return found
}

function messages() {
  const now = Math.floor(Date.now() / 1000)
  const signed = (timestamp: number, key = secret) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf(key, 'msg_1', timestamp, body),
  })
  const good = signed(now)
  return {
    genuine: [
      [good, body],
      [{ ...good, 'webhook-signature': `v1,old ${good['webhook-signature']}` }, body],
    ],
    not: [
      [signed(now, 'another secret of 16'), body],
      [signed(now - 600), body],
      [good, body.replace('ended', 'begun')],
      [{ ...good, 'webhook-id': 'msg_2' }, body],
      [{ ...good, 'webhook-signature': '' }, body],
    ],
  }
}

async function verdicts(command: string, args: readonly string[]): Promise<{ genuine: boolean[]; not: boolean[] }> {
  const { stdout } = await promisify(execFile)(command, args)
  return JSON.parse(stdout)
}

const expected = { genuine: [true, true], not: [false, false, false, false, false] }

test('the Python of the how-to page tells genuine callbacks from others', async () => {
  const harness = `
import json, sys
asked = json.loads(sys.argv[1])
print(json.dumps({k: [is_genuine(h, b.encode(), ${JSON.stringify(secret)}) for h, b in v] for k, v in asked.items()}))`
  const code = (await snippetOf('python', 'is_genuine')) + harness
  assert.deepEqual(await verdicts('python3', ['-c', code, JSON.stringify(messages())]), expected)
})

test('and so does the JavaScript', async () => {
  const harness = `
const answer = Object.entries(JSON.parse(process.argv[1])).map(([kind, all]) => [kind, all.map(([h, b]) => isGenuine(h, Buffer.from(b), ${JSON.stringify(secret)}))])
console.log(JSON.stringify(Object.fromEntries(answer)))`
  const code = (await snippetOf('js', 'isGenuine')) + harness
  const args = ['--input-type=module', '-e', code, JSON.stringify(messages())]
  assert.deepEqual(await verdicts(process.execPath, args), expected)
})
