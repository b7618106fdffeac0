import { useState } from 'react'
import { copyText } from './copy-text.ts'

/** Copies, and says for two seconds that it has: true; false when the browser refused, until the next try. */
export function useCopied(): { copied: boolean | null; copy: (text: string) => Promise<boolean> } {
  const [copied, setCopied] = useState<boolean | null>(null)
  const copy = async (text: string) => {
    const done = await copyText(text)
    setCopied(done)
    if (done) setTimeout(() => setCopied((now) => (now ? null : now)), 2000)
    return done
  }
  return { copied, copy }
}
