import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './kit/focus.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { instanceQuery } from './instance/instance.ts'
import { Notices } from './kit/Notices.tsx'
import { RequestProblem } from './kit/problem.ts'
import { queryClient } from './kit/queries.ts'
import { cssVariables, theme } from './kit/theme.ts'
import { router } from './routes.tsx'

/** The only style that may be written into the page is what carries the nonce of this very reply. */
const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''

// What keeps the page behind a dialog from scrolling writes a style as well, and looks for the nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() })

/** What the server refused is told on the page itself; anything else that a page stumbles over is a fault of ours. */
const onCaughtError = (error: unknown): void => {
  if (!(error instanceof RequestProblem)) console.error(error)
}

// A page that the browser had put away may be of somebody who has signed out since.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) window.location.reload()
})

// Every page waits for it, so it is asked for before any page's code is fetched.
void queryClient.prefetchQuery(instanceQuery)

const root = document.getElementById('portal')
if (root)
  createRoot(root, { onCaughtError }).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={queryClient}>
          <Notices />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
