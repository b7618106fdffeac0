import { EventsOf } from '#portal/audit/EventsOf.tsx'
import type { Account } from './admin-account.ts'

/** The latest of what an account did, or of what was done to it. */
export const AdminAccountEvents = ({ account: { id, user_name } }: { account: Account }) => (
  <EventsOf
    label="Audit events of this account"
    sides={[
      { label: 'Done by it', filter: { actor: user_name }, none: 'Nothing yet.' },
      { label: 'Done to it', filter: { subject_type: 'account', subject: id }, none: 'Nothing yet.' },
    ]}
  />
)
