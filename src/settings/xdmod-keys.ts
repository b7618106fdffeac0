/**
 * Sections and keys of XDMoD's portal_settings.ini (10.5 to 11.5) that have no meaning here. They are accepted with a
 * note, so that a centre's existing file can be used as it is. The reason is what the note says.
 */
const mysql = 'XDMoD’s MySQL is not used; set [database] url for a PostgreSQL of your own'
const logs = 'logs go to standard output; set [logger] level for their detail'

type Keys = Readonly<Record<string, string>>

const allOf = (reason: string, ...keys: string[]): Keys => Object.fromEntries(keys.map((key) => [key, reason]))
const connection = allOf(mysql, 'db_engine', 'host', 'port', 'user', 'pass', 'database')

/** A section given as a text is accepted whole, whatever its keys. */
const unused: Readonly<Record<string, Keys | string>> = {
  general: {
    ...allOf('the manual is part of the portal', 'user_manual'),
    ...allOf('there is no contact form', 'contact_page_recipient', 'tech_support_recipient', 'debug_recipient'),
    ...allOf('the version is that of the program', 'version'),
    ...allOf(
      'errors never carry stack traces; set [logger] level = debug for more in the log',
      'debug_mode',
      'sql_debug_mode',
    ),
    ...allOf(
      logs,
      'exceptions_logfile',
      'rest_logfile',
      'login_logfile',
      'rest_general_logfile',
      'extrest_access_logfile',
      'extrest_exception_logfile',
    ),
    ...allOf('the portal shows its title', 'center_logo', 'center_logo_width'),
    ...allOf('mails are signed with the title', 'maintainer_email_signature'),
    ...allOf(
      'secrets are made by the program and kept under the data directory',
      'application_secret',
      'email_token_expiration',
    ),
  },
  database: connection,
  datawarehouse: { ...connection, ...allOf(logs, 'rest_logfile') },
  logger: {
    ...connection,
    ...allOf(
      logs,
      'table',
      'email_from',
      'email_to',
      'email_subject',
      'default_level_console',
      'default_level_file',
      'default_level_db',
      'default_level_mail',
    ),
  },
  data_warehouse_export: allOf(
    'raw data is streamed, not exported in batches',
    'export_directory',
    'retention_duration_days',
  ),
  mailer: allOf('there are no sign-up and contact forms', 'captcha_public_key', 'captcha_private_key'),
  sso: allOf('people sign in with their password', 'show_local_login', 'direct_link'),
  rest: allOf('the paths of the REST API are fixed', 'base', 'version', 'basic_auth'),
  shredder: mysql,
  hpcdb: mysql,
  features: 'XDMoD’s switch has no counterpart',
  internal: 'XDMoD’s switch has no counterpart',
  roadmap: 'there is no roadmap page',
  reporting: 'no browser is needed for reports',
  slurm: 'logs are imported from files (tessera import slurm)',
  jupyterhub: allOf('there is no JupyterHub link; set public_key_file to take the hub’s tokens', 'url'),
  acls: 'XDMoD’s switch has no counterpart',
  'akrr-db': mysql,
}

export const isXdmodSection = (section: string): boolean => Object.hasOwn(unused, section)

/** Why a known key of XDMoD has no effect; null when it isn't one. */
export function whyUnused(section: string, key: string): string | null {
  const keys = Object.hasOwn(unused, section) ? unused[section] : undefined
  if (keys === undefined || typeof keys === 'string') return keys ?? null
  return Object.hasOwn(keys, key) ? (keys[key] ?? null) : null
}
