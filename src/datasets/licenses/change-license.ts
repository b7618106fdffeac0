import type { Change } from '#src/database/change.ts'
import type { License } from '../dataset-view.ts'
import { type Given, given } from '../given.ts'
import { adminsOnly, licenseInvalid, licenseNotFound } from '../problems.ts'
import { isSuperuser } from '../rights.ts'
import { findLicenseById, insertLicense, type LicenseContent, updateLicense } from './store.ts'

/** Adds a license that datasets can be under. */
export async function createLicense(change: Change, written: LicenseContent): Promise<License> {
  demandAdmin(change)
  refuseSleepingDefault(written)
  const made = await insertLicense(change.tx, written)
  if (!made) throw taken(written)
  note(change, 'license.created', made)
  return made
}

/** Changes a license; what is not given stays. Datasets that are under it say so in the new words. */
export async function changeLicense(
  change: Change,
  id: number,
  written: Given<LicenseContent>,
): Promise<{ license: License; changed: boolean }> {
  demandAdmin(change)
  const before = await findLicenseById(change.tx, id)
  if (!before) throw licenseNotFound({ detail: `There is no license ${id}.` })
  const after = { ...before, ...given(written) }
  if (JSON.stringify(before) === JSON.stringify(after)) return { license: before, changed: false }
  refuseSleepingDefault(after)
  if (before.is_default && !after.is_default)
    throw licenseInvalid({ detail: 'One license is the default: make another the default instead.' })
  const license = await updateLicense(change.tx, after)
  if (!license) throw taken(after)
  note(change, 'license.changed', license)
  return { license, changed: true }
}

function demandAdmin({ actor }: Change): void {
  if (!isSuperuser(actor.caller)) throw adminsOnly({ detail: 'Only administrators say which licenses there are.' })
}

function refuseSleepingDefault({ is_default, active }: LicenseContent): void {
  if (is_default && !active)
    throw licenseInvalid({
      detail: 'The default license is an active one.',
      errors: [{ pointer: '#/active', detail: 'is true for the default' }],
    })
}

const taken = ({ name, uri }: LicenseContent) =>
  licenseInvalid({ detail: `There is a license called ${name}, or at ${uri}, already.` })

const note = (
  change: Change,
  verb: 'license.created' | 'license.changed',
  { id, name, active, is_default }: License,
): void => change.note({ verb, subjectType: 'license', subjectId: String(id), detail: { name, active, is_default } })
