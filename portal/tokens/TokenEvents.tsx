import { EventsOf } from '#portal/audit/EventsOf.tsx'
import type { Token } from './token.ts'

/** What the audit log has of a token: what was done to it, and what was done with it. */
export const TokenEvents = ({ token: { id } }: { token: Token }) => (
  <EventsOf
    label="Audit events of this token"
    sides={[
      { label: 'Done to it', filter: { subject_type: 'token', subject: id }, none: 'Nothing.' },
      { label: 'Done with it', filter: { token: id }, none: 'Nothing that changed anything.' },
    ]}
  />
)
