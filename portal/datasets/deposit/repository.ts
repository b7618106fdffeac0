export interface License {
  readonly name: string
  readonly description: string
}
