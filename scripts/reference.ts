/** The reference pages of docs/reference/, made from what the code declares; nothing in them is written by hand. */
import { globSync } from 'node:fs'
import path from 'node:path'
import { permissionNames, permissions, permissionsOf, roles } from '#src/access/permissions.ts'
import { verbs } from '#src/access/verbs.ts'
import { type Endpoint, isMutating } from '#src/http/endpoint.ts'
import { statusOf } from '#src/http/render-problem.ts'
import type { ProblemDefinition } from '#src/problem/problem.ts'
import { settingsReference } from '#src/settings/settings-reference.ts'
import { periodNames } from '#src/warehouse/ask.ts'
import { definitionSections } from './report-reference.ts'

const root = path.resolve(import.meta.dirname, '..')
const made = '<!-- Made by `npm run docs` from the code. Change it there. -->'

/** Texts by file name below docs/reference/. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['settings.md', settingsPage()],
    ['permissions.md', permissionsPage()],
    ['audit-events.md', auditPage()],
    ['problems.md', problemsPage(await declared(isProblem, 'src/**/problems.ts'))],
    ['report-definition.md', definitionPage()],
    ['http-api.md', httpPage(await declared(isEndpoint, 'src/**/contract.ts'))],
  ])
}

/** Everything of a kind that files matching the pattern export, also inside exported objects and lists. */
async function declared<T>(is: (value: unknown) => value is T, pattern: string): Promise<T[]> {
  const found = new Set<T>()
  const look = (value: unknown, depth: number): void => {
    if (is(value)) found.add(value)
    else if (typeof value === 'object' && value !== null && depth < 2)
      for (const member of Object.values(value)) look(member, depth + 1)
  }
  for (const file of globSync(pattern, { cwd: root }).sort()) look({ ...(await import(path.join(root, file))) }, 0)
  return [...found]
}

const isProblem = (value: unknown): value is ProblemDefinition =>
  typeof value === 'function' && 'code' in value && 'kind' in value && 'title' in value

const isEndpoint = (value: unknown): value is Endpoint =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string): string => `\`${text}\``
const page = (title: string, lead: string, body: string): string => `# ${title}\n\n${made}\n\n${lead}\n\n${body}\n`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function settingsPage(): string {
  const all = settingsReference()
  const sections = [...new Set(all.map(({ section }) => section))].map((section) => {
    const rows = all
      .filter((setting) => setting.section === section)
      .map((setting) => [
        code(setting.key),
        setting.default === '' ? '*empty*' : code(setting.default),
        `${setting.meaning}${setting.example === null ? '' : ` Example: ${code(setting.example)}.`}${setting.secret ? ' *Secret.*' : ''}`,
      ])
    return `## [${section}]\n\n${table(['key', 'default', 'meaning'], rows)}`
  })
  const lead =
    'Written in `portal_settings.ini` beside `package.json` (or the file that `--settings` or `TESSERA_SETTINGS` names). Each key is also an\nenvironment variable, which wins: `[api_token] expiration_interval` is `TESSERA_API_TOKEN__EXPIRATION_INTERVAL`. Settings are read once, at\nthe start; every line that is wrong is named at once with its remedy.'
  return page('Settings', lead, sections.join('\n\n'))
}

function permissionsPage(): string {
  const rows = permissionNames.map((name) => {
    const { label, resource } = permissions[name]
    const holders = roles.filter((role) => permissionsOf(role).includes(name))
    return [code(name), label, resource === null ? '' : code(`${name}:<${resource}>`), holders.join(', ')]
  })
  const lead =
    'A token holds a subset of what its account’s role holds, and can be narrowed to named resources. What a role loses, its tokens lose at once.'
  return page('Permissions', lead, table(['permission', 'what it allows', 'narrowed', 'roles'], rows))
}

function auditPage(): string {
  const rows = Object.entries(verbs).map(([verb, meaning]) => [code(verb), meaning])
  return page('Audit events', 'Everything that the audit trail can say.', table(['event', 'meaning'], rows))
}

function problemsPage(problems: readonly ProblemDefinition[]): string {
  const rows = [...problems]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code: name, kind, title, remedy }) => [
      `<a id="${name}"></a>${code(name)}`,
      String(statusOf[kind]),
      title,
      remedy,
    ])
  const lead =
    'Errors of `/v1` are problem documents (RFC 9457, `application/problem+json`): `code` is one of these, `detail` says what happened this\ntime, `hint` what to do next, `errors` which members are wrong. Foreign protocols show the same problems in their own error bodies.'
  return page('Problems', lead, table(['code', 'status', 'meaning', 'what to do'], rows))
}

function definitionPage(): string {
  const sections = definitionSections().map(({ title, lead, rows }) =>
    [
      `##${title.includes(':') ? '#' : ''} ${title}`,
      ...(lead === '' ? [] : [lead]),
      ...(rows.length === 0 ? [] : [table(['member', 'what it is', 'default', 'meaning'], rows)]),
    ].join('\n\n'),
  )
  const lead =
    'What `POST /v1/reports` takes as `definition`. A member without a default must be given; *none*: it may be left out. What names mean is\nchecked against the models when a report is saved. [Build a report](../how-to/build-a-report.md) shows one whole.'
  const periods = `## Periods\n\nCounted from today in the time zone of the model: ${periodNames.map(code).join(', ')}.`
  return page('Definition of a report', lead, [...sections, periods].join('\n\n'))
}

function httpPage(endpoints: readonly Endpoint[]): string {
  const shown = endpoints.filter((contract) => contract.hidden !== true)
  const areas = [...new Set(shown.map(areaOf))].sort()
  const sections = areas.map((area) => {
    const rows = shown.filter((contract) => areaOf(contract) === area).map(endpointRow)
    return `## ${area}\n\n${table(['endpoint', 'what it does', 'who may', 'audited as'], rows)}`
  })
  const lead =
    'Parameters, bodies and replies stand in the OpenAPI document of every instance, `/v1/openapi.json` (Postman: `/v1/postman.json`).\nTokens are shown as `Authorization: Bearer …`.'
  return page('HTTP API', lead, sections.join('\n\n'))
}

const areaOf = ({ path: at }: Endpoint): string =>
  `/${at
    .split('/')
    .slice(1, at.startsWith('/v1/') ? 3 : 2)
    .join('/')}`

function endpointRow(contract: Endpoint): string[] {
  const { access, audit } = contract
  const who = { public: 'anybody', optional: 'anybody; more when signed in', signed_in: 'any account' }[
    access as string
  ]
  const only = contract.shown === undefined ? '' : ` (${contract.shown} only)`
  return [
    code(`${contract.method} ${contract.path.replace(/[:*](\w+)/g, '{$1}')}`),
    contract.summary,
    `${who ?? code(access)}${only}`,
    isMutating(contract) ? [audit ?? []].flat().map(code).join(', ') : '',
  ]
}
