/**
 * Everything the audit trail can say: `noun.past-tense` and the sentence that pages and docs show for it.
 * A closed list, so that a filter, a page and a reader's script know what to expect.
 */
export const verbs = {
  'account.signed_in': 'Signed in',
  'account.sign_in_failed': 'Tried to sign in and failed',
  'account.signed_out': 'Signed out',
  'account.session_ended': 'A session was ended',
  'account.sessions_ended': 'All other sessions of an account were ended',
  'account.created': 'An account was made',
  'account.updated': 'A profile was changed',
  'account.role_changed': 'An account got another role',
  'account.owner_changed': 'A service account got another owner',
  'account.disabled': 'An account was disabled; its sessions ended and its tokens stopped',
  'account.enabled': 'A disabled account was enabled',
  'account.password_changed': 'A password was changed',
  'account.password_link_made': 'A one-time link to set a password was made',
  'account.password_link_used': 'A password was set through a one-time link',
  'token.issued': 'An API token was made',
  'token.renamed': 'An API token got another name or description',
  'token.narrowed': 'An API token lost permissions or time',
  'token.rotated': 'An API token got a successor',
  'token.recreated': 'An API token was revoked and made anew',
  'token.revoked': 'An API token was revoked',
  'token.leaked': 'An API token was reported as leaked and revoked',
  'token.refused': 'An API token was shown and refused',
  'token.notice_sent': 'A notice of expiry was sent',
  'token.feed_renewed': "The address of an account's expiry calendar was renewed",
  'token.feed_ended': "The address of an account's expiry calendar was ended",
  'token.terms_accepted': 'The terms of use of API tokens were accepted',
  'token.peppers_rotated': 'Token secrets got a new key to be hashed under',
  'request.refused': 'A request was refused for want of permission',
  'model.refresh_requested': 'A refresh of a model was asked for',
  'model.refreshed': 'A model got a new snapshot',
  'import.committed': 'A log or reference file was imported',
  'resource.changed': 'A resource or its properties were changed',
  'report.created': 'A report was made',
  'report.changed': 'A report was changed',
  'report.deleted': 'A report was deleted with all that was filled in',
  'report.filled_in': 'Data-input columns of a report were filled in',
  'run.cancelled': 'A run was cancelled',
} as const

export type Verb = keyof typeof verbs

export const isVerb = (text: string): text is Verb => Object.hasOwn(verbs, text)
