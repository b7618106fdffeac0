import { actor } from '#src/access/caller.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import { listAccounts } from '#src/accounts/show-account.ts'
import type { Changer } from '#src/database/change.ts'
import { SubscriptionAsk } from '../definition.ts'
import type { SubscriptionNeeds } from '../needs.ts'
import { createSubscription } from '../save-subscription.ts'
import { startSubscriptionRun } from '../start-run.ts'
import { findLastRuns, findSubscription } from '../store.ts'

const id = 'weekly-usage'

/**
 * Subscribes a made-up team to the report of the made-up centre, and sends it once; what is there already stays. The id
 * of the run that was started, if one was. Where there is a mail server nothing is sent: the team does not exist.
 */
export async function subscribeDemoTeam(needs: SubscriptionNeeds, changer: Changer): Promise<string | null> {
  const [admin] = await listAccounts(
    needs,
    { kind: 'person', role: 'admin', state: 'active' },
    { after: null, limit: 1 },
  )
  const owner = admin && (await callerOfAccount(needs.db, admin.id))
  if (!owner) return null
  return changer(actor({ ...owner, via: 'system' }), async (change) => {
    if (!(await findSubscription(change.tx, id))) {
      const definition = SubscriptionAsk.parse({
        name: 'Weekly usage to the team',
        description: 'Every Monday morning, to the team and to the inbox of the administrator.',
        report: 'weekly-usage',
        schedule: { frequency: 'weekly', weekdays: ['mon'], at: '07:00', time_zone: needs.timeZone, catch_up: 'skip' },
        recipients: [{ account: admin.id }, { address: 'team@example.org', name: 'The team' }],
        formats: ['pdf', 'xlsx'],
        subject: '{{report}}: {{period}}',
        body: 'Hello {{recipient}},\n\nhere is **{{report}}** for {{period}}. Cost centers that are still missing can be filled in on its page.',
      })
      await createSubscription(needs, change, { id, ...definition })
    }
    if (needs.mailer.via !== 'outbox' || (await findLastRuns(change.tx, [id])).has(id)) return null
    const { run } = await startSubscriptionRun(needs, change, id, { cause: 'first start' })
    return run.id
  })
}
