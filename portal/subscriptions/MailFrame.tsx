import { useMemo } from 'react'
import { frameDocument } from './mail-frame.ts'

interface MailFrameProps {
  readonly html: string
  readonly title: string
  readonly height?: number
}

/** A mail in a frame without rights: no script runs, nothing is fetched, no link leads anywhere by itself. */
export function MailFrame({ html, title, height = 420 }: MailFrameProps) {
  const document = useMemo(() => frameDocument(html), [html])
  return (
    <iframe
      title={title}
      sandbox="allow-popups"
      srcDoc={document}
      referrerPolicy="no-referrer"
      style={{ width: '100%', height, border: 0, marginTop: 12, background: '#fff', colorScheme: 'light' }}
    />
  )
}
