/** A file on its way into a dataset. */
export interface Upload {
  readonly id: string
  readonly datasetId: number
  readonly accountId: string
  readonly name: string
  readonly toldMediaType: string | null
  readonly bytes: number
  readonly received: number
  readonly writer: string | null
  readonly writerUntil: Date | null
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly finished: {
    readonly at: Date
    readonly sha256: string
    readonly md5: string
    readonly mediaType: string
  } | null
}
