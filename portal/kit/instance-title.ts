/** The portal's name, as the server wrote it into the page. */
export const instanceTitle = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="application-name"]')?.content || 'Tessera'
