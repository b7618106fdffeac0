/** The little that our benchmarks use of autocannon, which brings no types. */
declare module 'autocannon' {
  interface Load {
    readonly url: string
    readonly headers?: Readonly<Record<string, string>>
    readonly connections: number
    /** Seconds. */
    readonly duration: number
  }
  interface Result {
    readonly requests: { readonly total: number; readonly average: number }
    readonly errors: number
    readonly non2xx: number
  }
  function autocannon(load: Load): Promise<Result>
  export = autocannon
}
