interface Version {
  readonly number: string
  readonly state: 'draft' | 'released' | 'deaccessioned'
}

/** As addresses have it: `draft`, `1.0`. */
export const versionName = ({ number, state }: Version): string => (state === 'draft' ? 'draft' : number)

/** "Draft", "Version 1.0". */
export const versionWord = ({ number, state }: Version): string => (state === 'draft' ? 'Draft' : `Version ${number}`)
