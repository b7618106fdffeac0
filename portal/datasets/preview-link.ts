import { queryClient } from '#portal/kit/queries.ts'

const inFragment = /^preview=([0-9a-f-]{36})$/

/**
 * Takes the secret of a preview link out of the address. It came behind the `#`: that part is sent to no server, so it
 * stands in no log and in no `Referer`; but it would stay in the history, and on every picture of the screen. From here on
 * the browser shows it by itself, to this server's API and until it is closed: as a cookie, because pictures and downloads
 * are fetched by the browser, which adds no header of ours. It opens reading one draft and nothing else, and changes nothing.
 */
export function takePreviewLink(fragment: string): void {
  const [, secret] = inFragment.exec(fragment) ?? []
  if (secret === undefined) return
  const secure = window.location.protocol === 'https:' ? '; Secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: the store for cookies is missing where pages come over plain HTTP
  document.cookie = `tessera_preview=${secret}; Path=/v1; SameSite=Strict${secure}`
  // What was refused without it is asked again.
  queryClient.removeQueries({
    predicate: ({ queryKey: [name] }) => typeof name === 'string' && /^GET \/v1\/(datasets|files)/.test(name),
  })
}
