import { isDeepStrictEqual } from 'node:util'
import type { Caller } from '#src/access/caller.ts'
import { findPeople } from '#src/accounts/find-people.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { isOneAddress } from '#src/mail/mail.ts'
import type { Outbound } from '#src/outbound/open-outbound.ts'
import { Problem } from '#src/problem/problem.ts'
import { type Definition, destinationName, type RecipientAsk } from './definition.ts'
import { unknownPlaceholders } from './placeholders.ts'
import { subscriptionInvalid } from './problems.ts'
import type { ReportFacts, ReportMaker } from './report-maker.ts'
import { isFolderPath } from './senders.ts'

export interface CheckNeeds {
  readonly reports: ReportMaker
  readonly outbound: Pick<Outbound, 'check'>
  /** Domains that outside addresses may be in. Empty: any. */
  readonly allowedDomains: readonly string[]
}

type Fault = { pointer: string; detail: string }
type Wrong = (pointer: string, detail: string) => void

/**
 * Refuses what could not be carried out with the owner's rights as they are now. Everything that is wrong is told at
 * once. `before`: what was there already and need not be judged anew (a domain that was allowed then).
 */
export async function checkSubscription(
  needs: CheckNeeds & { readonly db: Database | Tx },
  owner: Caller,
  definition: Definition,
): Promise<ReportFacts> {
  const faults: Fault[] = []
  const wrong: Wrong = (pointer, detail) => void faults.push({ pointer: `#/${pointer}`, detail })
  const report = await reportOf(needs, owner, definition, wrong)
  checkDestinations(needs, definition, wrong)
  await checkPeople(needs, definition, wrong)
  checkRows(definition, wrong)
  if (report) {
    checkTexts(definition, report, wrong)
    checkAgainst(owner, definition, report, wrong)
  }
  if (faults.length > 0 || !report) {
    const detail = faults[0]?.detail ?? ''
    throw subscriptionInvalid({
      detail: faults.length === 1 ? detail : `${faults.length} things are wrong, the first of them: ${detail}`,
      errors: faults.slice(0, 100),
    })
  }
  return report
}

async function reportOf(
  { reports, db }: CheckNeeds & { db: Database | Tx },
  owner: Caller,
  { report, parameters }: Definition,
  wrong: Wrong,
): Promise<ReportFacts | null> {
  try {
    const facts = await reports.describe(db, owner, report)
    for (const { pointer, detail } of await reports.checkParameters(db, owner, report, parameters))
      wrong(pointer.replace(/^#\//, ''), detail)
    return facts
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    wrong('report', error.details.detail ?? error.title)
    return null
  }
}

function checkDestinations({ outbound }: CheckNeeds, definition: Definition, wrong: Wrong): void {
  const { destinations, formats, recipients, burst } = definition
  const names = destinations.map(destinationName)
  for (const [at, destination] of destinations.entries()) {
    const name = names[at] ?? ''
    if (names.indexOf(name) < at) wrong(`destinations/${at}`, `${name} stands there twice.`)
    if (destination.type === 'folder' && !isFolderPath(destination.path))
      wrong(
        `destinations/${at}/path`,
        'Give names of letters, digits, blanks, dots, - and _, at most six, with slashes between them.',
      )
    if (destination.type === 'folder' && formats.length === 0) wrong('formats', 'A folder needs files to put into it.')
    if (destination.type === 'webhook')
      try {
        outbound.check(destination.url)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        wrong(`destinations/${at}/url`, error.details.detail ?? error.title)
      }
  }
  const reachesPeople = recipients.length > 0 || burst !== null
  const reachesOthers = destinations.some(({ type }) => type !== 'mail')
  if (!reachesPeople && !reachesOthers) wrong('recipients', 'Name at least one recipient, webhook or folder.')
  if (burst !== null && recipients.length > 0)
    wrong('recipients', 'The recipients of a burst stand in `burst`; leave this list empty.')
}

async function checkPeople(
  { db, allowedDomains }: CheckNeeds & { db: Database | Tx },
  definition: Definition,
  wrong: Wrong,
): Promise<void> {
  const { burst, recipients, failure_addresses: failure = [] } = definition
  const named: (readonly [string, RecipientAsk])[] =
    burst !== null && 'recipients' in burst
      ? burst.recipients.map(({ recipient }, at) => [`burst/recipients/${at}/recipient`, recipient] as const)
      : recipients.map((recipient, at) => [`recipients/${at}`, recipient] as const)
  const ids = named.flatMap(([, ask]) => ('account' in ask ? [ask.account] : []))
  const people = new Map((await findPeople(db, ids)).map((one) => [one.id, one]))
  const seen = new Set<string>()
  for (const [pointer, ask] of named) {
    const key = 'account' in ask ? ask.account : ask.address.toLowerCase()
    if (seen.has(key)) wrong(pointer, 'This recipient stands there twice.')
    seen.add(key)
    if ('account' in ask) {
      const person = people.get(ask.account)
      if (person?.kind !== 'person') wrong(pointer, 'There is no person with this account.')
    } else checkAddress(ask.address, allowedDomains, pointer, wrong)
  }
  for (const [at, address] of failure.entries()) checkAddress(address, allowedDomains, `failure_addresses/${at}`, wrong)
}

function checkAddress(address: string, allowed: readonly string[], pointer: string, wrong: Wrong): void {
  if (!isOneAddress(address)) wrong(pointer, 'This is not one mail address.')
  else if (!isAllowedAddress(address, allowed))
    wrong(pointer, `Mail may go to people with an account and to addresses in ${allowed.join(', ')} only.`)
}

export function isAllowedAddress(address: string, allowed: readonly string[]): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  return allowed.length === 0 || allowed.some((one) => domain === one || domain.endsWith(`.${one}`))
}

/** Each recipient's own rights need somebody who has rights. */
function checkRows({ rows, burst, recipients, destinations }: Definition, wrong: Wrong): void {
  if (rows !== 'recipient') return
  const asked = burst !== null && 'recipients' in burst ? burst.recipients.map((one) => one.recipient) : recipients
  if (asked.some((one) => 'address' in one))
    wrong('rows', 'An address without an account has no rights of its own; send it the owner’s rows, or nothing.')
  if (destinations.some(({ type }) => type !== 'mail'))
    wrong('rows', 'A webhook or folder has no rights of its own; it needs a subscription with the owner’s rows.')
}

function checkTexts({ subject, body }: Definition, { parameters }: ReportFacts, wrong: Wrong): void {
  for (const [pointer, text] of [
    ['subject', subject],
    ['body', body],
  ] as const)
    for (const name of unknownPlaceholders(text, parameters).slice(0, 10))
      wrong(pointer, `Nothing stands for {{${name.slice(0, 60)}}}; GET /v1/subscriptions/policy lists what there is.`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  if (/[\u0000-\u001f\u007f\u202A-\u202E\u2066-\u2069]/.test(subject))
    wrong('subject', 'A subject is one line of text, without marks that turn its direction.')
}

function checkAgainst(owner: Caller, definition: Definition, report: ReportFacts, wrong: Wrong): void {
  for (const [at, name] of definition.open_parameters.entries())
    if (!report.parameters.includes(name)) wrong(`open_parameters/${at}`, `The report has no parameter ${name}.`)
  const { burst, condition, refresh_first: refreshFirst } = definition
  if (burst && !report.dimensions.includes(burst.by))
    wrong(
      'burst/by',
      `Every block of the report must know this dimension; ${
        report.dimensions.length === 0
          ? 'there is none that all know'
          : `they share ${report.dimensions.slice(0, 20).join(', ')}`
      }.`,
    )
  const block = condition?.threshold?.block
  if (block !== undefined && !report.numbers.includes(block))
    wrong(
      'condition/threshold/block',
      `The report has no number block ${block}; it has ${report.numbers.join(', ') || 'none'}.`,
    )
  if (refreshFirst)
    for (const model of report.models)
      if (!owner.grants.allows('models:refresh', model))
        wrong('refresh_first', `The owner may not refresh the model ${model}.`)
}

/** Whether two versions ask for the same. */
export const isSame = (a: Definition, b: Definition): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)))
