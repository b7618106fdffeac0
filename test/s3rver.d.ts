declare module 's3rver' {
  /** As much of it as is used here. */
  // biome-ignore lint/style/noDefaultExport: that is how it exports
  export default class S3rver {
    constructor(options: {
      address: string
      port: number
      silent: boolean
      directory: string
      configureBuckets: readonly { name: string; configs: readonly string[] }[]
    })
    run(): Promise<{ port: number }>
    close(): Promise<void>
  }
}
