import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Every release of the client; each runs unmodified, as the package index gives it. */
export const releases = ['1.0.0', '1.0.1', '1.0.2', '1.0.3', '1.1.0'] as const
export type Release = (typeof releases)[number]

const cache = path.join(os.tmpdir(), `tessera-clients-${os.userInfo().username}`)
const pythonIn = (environment: string): string => path.join(environment, 'bin', 'python')

/** Installs Debian's python3-venv where we may; otherwise says what is missing. */
async function ensurePython(): Promise<void> {
  const works = () =>
    run('python3', ['-c', 'import ensurepip, venv']).then(
      () => true,
      () => false,
    )
  if (await works()) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await run('apt-get', ['update', '-qq'])
    await run('apt-get', ['install', '-y', '-qq', 'python3', 'python3-venv'])
    if (await works()) return
  }
  throw new Error(
    'test:clients needs Python 3 with venv: install the packages python3 and python3-venv, then try again.',
  )
}

/** A virtual environment made once and marked when it is whole, so that half a one is never reused. */
async function environment(name: string, fill: (python: string, directory: string) => Promise<void>): Promise<string> {
  const directory = path.join(cache, name)
  if (existsSync(path.join(directory, 'complete'))) return directory
  await rm(directory, { recursive: true, force: true })
  await mkdir(cache, { recursive: true, mode: 0o700 })
  await run('python3', ['-m', 'venv', directory])
  await fill(pythonIn(directory), directory)
  await writeFile(path.join(directory, 'complete'), '')
  return directory
}

const pip = async (python: string, ...packages: string[]): Promise<void> => {
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
}

const sitePackages = async (python: string): Promise<string> =>
  (await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'])).stdout.trim()

/** A Python that reads workbooks. */
export async function pythonWithOpenpyxl(): Promise<string> {
  await ensurePython()
  return pythonIn(await environment('openpyxl', (python) => pip(python, 'openpyxl')))
}

/**
 * The Python to run a release with. What all of them depend on (numpy, pandas, plotly, requests: 270 MB) is installed once and
 * seen by each release's own environment through a `.pth` file. Kept between runs.
 */
export async function pythonOf(release: Release): Promise<string> {
  await ensurePython()
  const shared = await environment('dependencies', (python) => pip(python, 'numpy', 'pandas', 'plotly', 'requests'))
  const own = await environment(`xdmod-data-${release}`, async (python) => {
    await pip(python, '--no-deps', `xdmod-data==${release}`)
    await writeFile(path.join(await sitePackages(python), 'dependencies.pth'), await sitePackages(pythonIn(shared)))
  })
  return pythonIn(own)
}

/** A Python with one package as the index gives it, and what that depends on. Kept between runs. */
export async function pythonWith(requirement: string): Promise<string> {
  await ensurePython()
  const name = requirement.replaceAll('==', '-').toLowerCase()
  return pythonIn(await environment(name, (python) => pip(python, requirement)))
}

/** A Python with the validators of formats that datasets are told in, and the schema of OAI-PMH that a harvester brings. */
export async function pythonWithFormats(): Promise<{ python: string; oaiSchema: string }> {
  await ensurePython()
  const directory = await environment('formats', async (python, at) => {
    await pip(python, 'datacite==1.4.1', 'mlcroissant==1.1.1', 'roc-validator==0.13.0', 'lxml')
    await run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', at, 'pyoai==2.5.0'])
    await run('tar', ['-xzf', path.join(at, 'pyoai-2.5.0.tar.gz'), '-C', at])
  })
  return { python: pythonIn(directory), oaiSchema: path.join(directory, 'pyoai-2.5.0/src/oaipmh/tests/OAI-PMH.xsd') }
}

/** The context of RO-Crates, as the package of their makers has it. */
export const roCrateContext = async (): Promise<string> =>
  path.join(await fromRegistry('ro-crate-3.7.2', 'ro-crate@3.7.2'), 'node_modules/ro-crate/lib/context.json')

/** The command of Postman's own runner, as the package registry gives it. */
export const newman = async (): Promise<string> =>
  path.join(await fromRegistry('newman-6.2.2', 'newman@6.2.2'), 'node_modules', '.bin', 'newman')

/** The directory in which IQSS's TypeScript client is installed, with a package that it needs, but does not name. */
export const javaScriptClient = (): Promise<string> =>
  fromRegistry('dataverse-client-javascript-2.2.0-whole', '@iqss/dataverse-client-javascript@2.2.0', 'p-limit@3.1.0')

/** A directory of its own with packages of npm's registry in it. Kept between runs. */
async function fromRegistry(name: string, ...requirements: string[]): Promise<string> {
  const directory = path.join(cache, name)
  if (existsSync(path.join(directory, 'complete'))) return directory
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await run('npm', ['install', '--no-audit', '--no-fund', '--silent', '--prefix', directory, ...requirements])
  await writeFile(path.join(directory, 'complete'), '')
  return directory
}
