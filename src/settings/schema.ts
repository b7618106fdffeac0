import type { z } from 'zod'
import { isRelativeTime } from './relative-time/add-relative.ts'
import {
  byteSize,
  domains,
  mailAddress,
  networks,
  oneOf,
  onOff,
  origins,
  orNone,
  requiredText,
  text,
  timeZone,
  urlOf,
  webAddress,
  wholeNumber,
} from './value-types.ts'

interface SettingFacts {
  /** As it would be written in the file. */
  readonly default: string
  readonly meaning: string
  readonly example?: string
  /** Shown as dots on pages and in listings. */
  readonly secret?: true
}

export interface Setting<T = unknown> extends SettingFacts {
  readonly type: z.ZodType<T, string>
}

const setting = <T>(type: z.ZodType<T, string>, facts: SettingFacts): Setting<T> => ({ type, ...facts })

/** A span or moment in PHP's relative formats, kept as text: it is applied when something is issued. */
const relativeTime = () =>
  requiredText().refine(
    isRelativeTime,
    'is not a relative time; write e.g. "6 months", "90 days" or "1 year" (docs/reference/relative-times.md)',
  )

const shaped = (shape: RegExp, remedy: string) =>
  text().refine((written) => shape.test(written), `has another shape; ${remedy}`)

const daySeconds = 24 * 60 * 60

/**
 * Every setting of the product: the one place that knows names, defaults and meanings. Order is the order of the docs.
 */
export const sections = {
  general: {
    site_address: setting(orNone(webAddress()), {
      default: '',
      example: 'https://data.example.org/',
      meaning: 'Public address of the portal, used in links and mails. Empty: http://localhost with the port.',
    }),
    title: setting(requiredText(), { default: 'Tessera', meaning: 'Name of the portal on pages and in mails.' }),
    organization_name: setting(requiredText(), {
      default: 'Tessera Demo Center',
      example: 'Center for Computational Research',
      meaning: 'Name of the organization that runs the portal.',
    }),
    organization_abbreviation: setting(requiredText(), {
      default: 'Demo',
      example: 'CCR',
      meaning: 'Short name of the organization.',
    }),
    time_zone: setting(timeZone(), {
      default: 'UTC',
      example: 'America/New_York',
      meaning: 'Zone in which days begin and end in the warehouse, schedules fire and mails show times (IANA name).',
    }),
    host: setting(requiredText(), {
      default: '127.0.0.1',
      example: '0.0.0.0',
      meaning: 'Address to listen on. The default is reachable from this machine only.',
    }),
    port: setting(wholeNumber(0, 65_535), { default: '8080', meaning: 'Port to listen on; 0 takes any free one.' }),
    trusted_proxies: setting(networks(), {
      default: '',
      example: '127.0.0.1, 10.0.0.0/8',
      meaning: 'Proxies whose X-Forwarded-For, -Proto and -Host headers are believed. Empty: none.',
    }),
    worker: setting(onOff(), {
      default: 'on',
      meaning:
        'Whether `tessera serve` also does background work. off: it only answers, and leaves the work to `tessera work` processes.',
    }),
    demo: setting(onOff(), {
      default: 'on',
      meaning:
        'Whether an empty data directory is filled with the demo (a made-up cluster, its report and a dataset). The flights are not part of it: they are a model file in `[models] directory`.',
    }),
    data_directory: setting(requiredText(), {
      default: 'var',
      example: '/srv/tessera',
      meaning:
        'Directory of everything the product keeps. A relative path starts at the product’s own directory, here and in all settings.',
    }),
    hierarchy_top_level_label: setting(requiredText(), {
      default: 'Decanal Unit',
      meaning: 'What the top level of the hierarchy is called in the Jobs model.',
    }),
    hierarchy_middle_level_label: setting(requiredText(), {
      default: 'Department',
      meaning: 'What the middle level of the hierarchy is called.',
    }),
    hierarchy_bottom_level_label: setting(requiredText(), {
      default: 'PI Group',
      meaning: 'What the bottom level of the hierarchy is called.',
    }),
  },
  database: {
    url: setting(orNone(urlOf('postgres://tessera@db.example.org/tessera', 'postgres', 'postgresql')), {
      default: '',
      example: 'postgres://tessera:secret@db.example.org:5432/tessera',
      secret: true,
      meaning:
        'PostgreSQL to keep accounts, tokens, runs and the audit trail in. Empty: one of our own, under the data directory.',
    }),
    pool_size: setting(wholeNumber(2, 200), { default: '10', meaning: 'Most connections one process opens.' }),
  },
  api_token: {
    expiration_interval: setting(orNone(relativeTime()), {
      default: '6 months',
      example: '90 days',
      meaning:
        'Life of a new API token when its maker chooses none (PHP’s relative formats). Empty: people can make no tokens for themselves.',
    }),
    maximum: setting(relativeTime(), {
      default: '1 year',
      meaning: 'Longest life that may be chosen for a token (PHP’s relative formats).',
    }),
    terms_file: setting(orNone(text()), {
      default: '',
      example: '/etc/tessera/api-terms.md',
      meaning:
        'File (plain text or Markdown) with terms of use that people accept before they make their first token, and again when the text changes. Read at start. Empty: there are none.',
    }),
    pepper_file: setting(text(), {
      default: '',
      example: '/etc/tessera/pepper',
      meaning:
        'File with the keys under which token secrets are hashed, made when missing. Empty: secrets/token-pepper under the data directory.',
    }),
  },
  datawarehouse: {
    rest_raw_row_limit: setting(wholeNumber(1, 1_000_000_000), {
      default: '10000',
      meaning: 'Most rows of one page of raw data (/v1 and XDMoD clients 1.0.x).',
    }),
    rest_raw_stream_limit: setting(orNone(wholeNumber(1, 1_000_000_000_000)), {
      default: '',
      example: '5000000',
      meaning:
        'Raw data streams with more rows than this are refused before they begin (XDMoD clients 1.1 and later). Empty: no limit.',
    }),
    query_timeout_seconds: setting(wholeNumber(1, daySeconds), {
      default: '60',
      meaning: 'A query that takes longer is stopped.',
    }),
    memory_limit: setting(byteSize(64e6), {
      default: '1 GB',
      meaning: 'Memory of the warehouse engine, over all open snapshots together; beyond it, it spills to disk.',
    }),
    threads: setting(orNone(wholeNumber(1, 1024)), {
      default: '',
      example: '4',
      meaning: 'Processor threads of the warehouse engine. Empty: as many as there are.',
    }),
  },
  data_warehouse_export: {
    hash_salt: setting(text(), {
      default: '',
      secret: true,
      meaning:
        'Text hashed along with user names in deidentified raw fields. Empty: a random one, made once and kept under the data directory.',
    }),
  },
  models: {
    directory: setting(requiredText(), { default: 'models', meaning: 'Directory of the model files (*.yml).' }),
    keep_snapshots: setting(wholeNumber(1, 100), {
      default: '3',
      meaning: 'Snapshots of each model to keep, the one that is read included: how far one can roll back.',
    }),
  },
  files: {
    storage: setting(oneOf(['disk', 's3']), {
      default: 'disk',
      meaning:
        'Where files are kept: `disk`, below the data directory, or `s3`, in a bucket of a service that speaks S3.',
    }),
    s3_endpoint: setting(orNone(webAddress()), {
      default: '',
      example: 'https://s3.eu-central-1.amazonaws.com',
      meaning: 'Address of the service, without the bucket.',
    }),
    s3_bucket: setting(text(), {
      default: '',
      example: 'tessera-files',
      meaning: 'Name of the bucket, for Tessera alone.',
    }),
    s3_region: setting(requiredText(), { default: 'us-east-1', meaning: 'Region of the service.' }),
    s3_access_key: setting(text(), {
      default: '',
      meaning: 'Name of the key that may read, write, list and delete there.',
    }),
    s3_secret_key: setting(text(), { default: '', secret: true, meaning: 'The secret of that key.' }),
    upload_lifetime: setting(relativeTime(), {
      default: '1 day',
      meaning:
        'How long an upload that rests is kept before it is deleted (PHP’s relative formats). Each part that comes puts it off.',
    }),
    upload_quota: setting(byteSize(1e6), {
      default: '1 TB',
      meaning: 'Bytes that the uploads of one account which have not become files may have together.',
    }),
    open_uploads: setting(wholeNumber(1, 100_000), {
      default: '1000',
      meaning: 'Uploads that one account may have which have not become files.',
    }),
    artifact_lifetime: setting(relativeTime(), {
      default: '7 days',
      meaning: 'How long files that runs make (exports) can be downloaded (PHP’s relative formats).',
    }),
    largest_artifact: setting(byteSize(1e6), {
      default: '10 GB',
      meaning: 'A run whose file grows beyond this fails, so that no export fills the disk.',
    }),
    largest_file: setting(byteSize(1e6), {
      default: '100 GB',
      meaning: 'A file of a dataset that is larger is refused, as soon as that is known.',
    }),
    largest_dataset: setting(byteSize(1e6), {
      default: '1 TB',
      meaning: 'Files that would make a draft of a dataset larger than this are refused.',
    }),
    zip_download_limit: setting(byteSize(1e6), {
      default: '10 GB',
      meaning:
        'Bytes of files that are sent in one ZIP; what goes beyond is left out of it, and its MANIFEST.TXT says so.',
    }),
    table_download_limit: setting(byteSize(1e6), {
      default: '20 GB',
      meaning:
        'Bytes that the rows of one table in a dataset may have as CSV or NDJSON: a small Parquet file may hold very many rows. Larger tables are sent as Parquet only.',
    }),
  },
  outbound: {
    allowed_networks: setting(networks(), {
      default: '',
      example: '10.20.0.0/16, 192.168.7.15',
      meaning:
        'Networks that the portal may call (callbacks, webhooks, sources at web addresses) although they are not public. Empty: only public addresses.',
    }),
  },
  mailer: {
    smtp_url: setting(orNone(urlOf('smtps://portal:secret@mail.example.org', 'smtp', 'smtps')), {
      default: '',
      example: 'smtps://portal:secret@mail.example.org:465',
      secret: true,
      meaning: 'Mail server. Empty: mails are written to outbox/ under the data directory.',
    }),
    sender_name: setting(orNone(text()), {
      default: '',
      example: 'Data portal',
      meaning: 'Name in the From line. Empty: the portal’s title.',
    }),
    sender_email: setting(orNone(mailAddress()), {
      default: '',
      example: 'portal@example.org',
      meaning: 'Address in the From line. Empty: noreply at the host of the site address.',
    }),
    subject_prefix: setting(text(), { default: '', example: '[Portal]', meaning: 'Written before every subject.' }),
    allowed_domains: setting(domains(), {
      default: '',
      example: 'example.org, partner.example.com',
      meaning:
        'Domains of mail addresses that subscriptions may send to besides people with an account, domains below them included. Empty: any.',
    }),
  },
  sign_in: {
    session_idle_minutes: setting(wholeNumber(1, 30 * 24 * 60), {
      default: '720',
      meaning: 'A session unused for so long ends.',
    }),
    session_lifetime_hours: setting(wholeNumber(1, 365 * 24), {
      default: '168',
      meaning: 'A session ends after this time, used or not.',
    }),
    lockout_failures: setting(wholeNumber(1, 10_000), {
      default: '10',
      meaning: 'Wrong passwords for one account from one address before that address must wait.',
    }),
    lockout_minutes: setting(wholeNumber(1, 24 * 60), {
      default: '15',
      meaning: 'The longest that it must wait: waits begin at one second and double with every failure.',
    }),
    password_minimum_length: setting(wholeNumber(8, 128), {
      default: '12',
      meaning: 'Fewest characters of a new password.',
    }),
  },
  cors: {
    domains: setting(origins(), {
      default: '',
      example: 'https://hub.example.org, https://portal.example.org',
      meaning: 'Origins whose pages may call the API with a token (never with cookies).',
    }),
  },
  rate_limit: {
    per_token: setting(wholeNumber(0, 10_000_000), {
      default: '1200',
      meaning: 'Requests per minute with one token or session. 0: no limit.',
    }),
    per_address: setting(wholeNumber(0, 10_000_000), {
      default: '2400',
      meaning: 'Requests per minute from one address. 0: no limit.',
    }),
  },
  jupyterhub: {
    public_key_file: setting(orNone(text()), {
      default: '',
      example: '/etc/tessera/jupyterhub.pem',
      meaning:
        'File (PEM) with the RSA public key of a JupyterHub whose JSON Web Tokens speak for people on XDMoD’s endpoints. Read at start. Empty: none is accepted.',
    }),
  },
  dataverse: {
    token_lifetime: setting(relativeTime(), {
      default: '1 year',
      meaning: 'Life of a token made in the Dataverse manner (PHP’s relative formats).',
    }),
    builtin_users_key: setting(orNone(text()), {
      default: '',
      secret: true,
      meaning:
        'Who shows this key may make accounts through Dataverse’s API: for test set-ups only. Empty: nobody may.',
    }),
    pid_protocol: setting(oneOf(['perma', 'doi']), {
      default: 'perma',
      meaning: 'What persistent ids of new datasets are: perma (resolved by this portal) or doi (see [datacite]).',
    }),
    pid_authority: setting(
      shaped(/^[A-Za-z0-9._-]{1,60}$/, 'use letters, digits, dots, - and _, e.g. tessera or 10.5072'),
      {
        default: 'tessera',
        example: '10.5072',
        meaning: 'Their authority: of DOIs the prefix.',
      },
    ),
    pid_shoulder: setting(shaped(/^[A-Za-z0-9._/-]{0,60}$/, 'use letters, digits, dots, -, _ and /, e.g. FK2/'), {
      default: '',
      example: 'FK2/',
      meaning: 'How every identifier begins.',
    }),
  },
  datacite: {
    repository: setting(orNone(text()), {
      default: '',
      example: 'EXAMPLE.REPO',
      meaning: 'Account at DataCite with which DOIs are registered when datasets are published. Empty: none is.',
    }),
    password: setting(orNone(text()), { default: '', secret: true, meaning: 'Its password.' }),
    api: setting(urlOf('https://api.test.datacite.org', 'http', 'https'), {
      default: 'https://api.datacite.org',
      example: 'https://api.test.datacite.org',
      meaning: 'Where DataCite is spoken to.',
    }),
  },
  logger: {
    level: setting(oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']), {
      default: 'info',
      meaning: 'Least severe messages that are logged.',
    }),
  },
} as const satisfies Record<string, Record<string, Setting>>

/** Sections in which administrators choose the names; each value is read as this setting says. */
export const freeSections = {
  sources: setting(
    urlOf('postgres://reader:secret@db.example.org/sales', 'postgres', 'postgresql', 'mysql', 'mariadb'),
    {
      default: '',
      example: 'postgres://reader:secret@db.example.org:5432/sales',
      secret: true,
      meaning:
        'A database that model files may query under this name (`connection: NAME`): postgres:// or mysql:// (also MariaDB). Give it an account that can only read. Add ?sslmode=verify-full (PostgreSQL) or ?ssl=true (MySQL) to encrypt the way there.',
    },
  ),
} as const satisfies Record<string, Setting>

export const freeNamePattern = /^[a-z][a-z0-9_]{0,59}$/

export const isFreeSection = (section: string): section is keyof typeof freeSections =>
  Object.hasOwn(freeSections, section)

type FreeSettings = {
  readonly [S in keyof typeof freeSections]: Readonly<
    Record<string, (typeof freeSections)[S] extends Setting<infer T> ? T : never>
  >
}

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S

type Sections = typeof sections
type WrittenSettings = {
  readonly [S in keyof Sections as Camel<S>]: {
    readonly [K in keyof Sections[S] as Camel<K & string>]: Sections[S][K] extends Setting<infer T> ? T : never
  }
}

/** What an empty setting becomes once its default has been worked out, and paths made absolute. */
interface WorkedOut {
  readonly general: { readonly siteAddress: string; readonly dataDirectory: string }
  readonly apiToken: { readonly pepperFile: string }
  readonly models: { readonly directory: string }
  readonly mailer: { readonly senderName: string; readonly senderEmail: string }
}

/**
 * The product's settings: read once at start, passed as values, never changed. All paths are absolute; `siteAddress`
 * has no closing slash; `memoryLimit` is in bytes; relative times stay texts (see relative-time/).
 */
export type Settings = FreeSettings & {
  readonly [S in keyof WrittenSettings]: S extends keyof WorkedOut
    ? Omit<WrittenSettings[S], keyof WorkedOut[S]> & WorkedOut[S]
    : WrittenSettings[S]
}

export const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

export const settingOf = (section: string, key: string): Setting | undefined =>
  isFreeSection(section) ? (freeNamePattern.test(key) ? freeSections[section] : undefined) : knownSetting(section, key)

const knownSetting = (section: string, key: string): Setting | undefined =>
  Object.hasOwn(sections, section) && Object.hasOwn(sections[section as keyof Sections], key)
    ? (sections[section as keyof Sections] as Record<string, Setting>)[key]
    : undefined

/** The environment variable that sets a key: `TESSERA_API_TOKEN__EXPIRATION_INTERVAL`. */
export const environmentName = (section: string, key: string): string => `TESSERA_${section}__${key}`.toUpperCase()

export interface NamedSetting {
  readonly section: string
  readonly key: string
  readonly setting: Setting
}

export const allSettings: readonly NamedSetting[] = Object.entries(sections).flatMap(([section, keys]) =>
  Object.entries(keys).map(([key, setting]) => ({ section, key, setting })),
)
