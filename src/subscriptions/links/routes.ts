import { type Response, respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { download } from '../attachment.ts'
import { type InboxNeeds, openLinkedFile } from '../inbox/inbox.ts'
import type { SubscriptionNeeds } from '../needs.ts'
import * as contract from './contract.ts'
import { leaveSubscription, showLeaveLink } from './leave-subscription.ts'
import { messagePage } from './message-page.ts'

type LinkNeeds = Pick<InboxNeeds, 'db' | 'contents'> & Pick<SubscriptionNeeds, 'site' | 'clock'>

export function linkRoutes(needs: LinkNeeds): Route[] {
  return [
    route(contract.downloadLinkedFile, async ({ params }) => download(await openLinkedFile(needs, params.secret))),

    route(contract.showUnsubscribe, async ({ params }) => {
      const { name, recipient, left } = await showLeaveLink(needs, params.secret)
      return page(
        left
          ? leftPage(name, recipient)
          : {
              title: 'Unsubscribe',
              text: [`${recipient} gets “${name}” from ${needs.site.title}.`, 'Shall no more of these be sent?'],
              button: 'Unsubscribe',
            },
      )
    }),

    route(contract.unsubscribe, async ({ change, params }) => {
      const { link, changed } = await leaveSubscription(needs, change, params.secret)
      return page(leftPage(link.name, link.recipient), !changed)
    }),
  ]
}

const leftPage = (name: string, recipient: string) => ({
  title: 'You have unsubscribed',
  text: [
    `${recipient} gets no more of “${name}”.`,
    'Nobody but you can undo this; ask the owner of the subscription if you want it again.',
  ],
})

function page(of: Parameters<typeof messagePage>[0], unchanged = false): Response<never> {
  const { html, type, headers } = messagePage(of)
  return respond<never>({ body: html as never, type, headers, ...(unchanged && { unchanged: true as const }) })
}
