import { createHash, createHmac } from 'node:crypto'
import { keptSecret } from '#src/files/kept-secret.ts'

/**
 * What stands in links of mails. Made from a key that is kept in a file, so that a mail composed again has the same links
 * and nobody who reads the database can make one: it holds their SHA-256 only.
 */
export interface LinkSecrets {
  ofFile(deliveryId: string, fileId: string): string
  /** `since`: when the subscription was made; one of the same name that comes later has other links. */
  ofLeaving(subscription: { id: string; since: Date }, recipient: string): string
}

export async function openLinkSecrets(keyFile: string): Promise<LinkSecrets> {
  const key = await keptSecret(keyFile)
  const secret = (...parts: string[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex').slice(0, 48)
  return {
    ofFile: (deliveryId, fileId) => `tsrfile_${secret('file', deliveryId, fileId)}`,
    ofLeaving: ({ id, since }, recipient) => `tsrleave_${secret('leave', id, since.toISOString(), recipient)}`,
  }
}

export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()
