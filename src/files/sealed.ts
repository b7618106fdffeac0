import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { keptSecret } from './kept-secret.ts'

/** Keeps texts that must be had again (a callback's secret) so that who reads the database learns nothing. */
export interface Sealer {
  /** `of` says what the text belongs to (`run_callbacks:ID`): sealed for one thing, it opens for no other. */
  seal(text: string, of: string): string
  /** Null when it was sealed with another key, for something else, or has been altered. */
  open(sealed: string, of: string): string | null
}

const ivBytes = 12
const tagBytes = 16

/** AES-256-GCM under a key that is kept in a file, made when missing. */
export async function openSealer(keyFile: string): Promise<Sealer> {
  const key = Buffer.from(hkdfSync('sha256', await keptSecret(keyFile), '', 'tessera sealed texts', 32))
  return {
    seal(text, of) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(of))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    open(sealed, of) {
      const [, written] = /^v1\.([\w-]+)$/.exec(sealed) ?? []
      const bytes = Buffer.from(written ?? '', 'base64url')
      if (bytes.length < ivBytes + tagBytes) return null
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes))
          .setAAD(Buffer.from(of))
          .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}
