import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { composeMail } from './compose.ts'
import type { Posted, Transport } from './mail.ts'

/**
 * Without a mail server, mails become files that any mail program opens. One mail is one file, named by its
 * Message-ID: sent again, it takes its own place. A file is there whole or not at all.
 */
export function openOutbox(directory: string): Transport {
  return {
    via: 'outbox',
    lanes: 4,
    async deliver(message) {
      const bytes = await composeMail(message)
      const file = path.join(directory, `${message.messageId.slice(1, message.messageId.indexOf('@'))}.eml`)
      const draft = `${file}.${randomBytes(6).toString('hex')}.draft`
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 })
        {
          await using handle = await open(draft, 'wx', 0o600)
          await handle.writeFile(bytes)
          await handle.sync()
        }
        await rename(draft, file)
        return { outcome: 'accepted' }
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined)
        return putOff(error)
      }
    },
    async describe() {
      const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return []
        throw error
      })
      return { via: 'outbox', directory, mails: names.filter((name) => name.endsWith('.eml')).length }
    },
    close: () => undefined,
  }
}

/** A disk that is full or has failed may be well again later; the mail is not there. */
function putOff(error: unknown): Posted {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) throw error
  return { outcome: 'put_off', reason: `The outbox could not be written (${code}).`, code: null, cause: error }
}
