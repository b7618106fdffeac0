import type { Readable } from 'node:stream'
import { attachmentNamed } from '#src/http/content-disposition.ts'
import { type Response, respond } from '#src/http/respond.ts'
import type { DeliveryFile } from './slice-store.ts'

/** Saved, never shown: what is in it came from people and data. `nosniff` comes with every reply. */
export const attachment = (stream: Readable, type: string, name: string, bytes: number): Response<never> =>
  respond<never>({
    stream,
    type,
    headers: {
      'content-disposition': attachmentNamed(name),
      'content-length': String(bytes),
      'cache-control': 'private, no-store',
    },
  })

/** A file of a delivery, to be saved. */
export const download = ({ file, content }: { file: DeliveryFile; content: Readable }): Response<never> =>
  attachment(content, file.mediaType, file.name, file.bytes)
