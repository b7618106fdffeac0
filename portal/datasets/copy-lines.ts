/** Lines that get at a dataset from elsewhere, in one language. */
export interface Copy {
  readonly name: string
  /** What they do. */
  readonly says: string
  readonly code: string
}

export interface CopyAsk {
  /** `https://data.example.org` */
  readonly site: string
  readonly pid: string
  /** As addresses have it: `1.0`, `draft`. */
  readonly version: string
  /** Whether it takes a token to get at all of it: a draft, restricted files. */
  readonly needsToken: boolean
  /** A table among its files, to be read as such. */
  readonly table: { readonly id: string | number; readonly label: string } | null
}

/** The dataset in the languages that people fetch data with. All run as they are where the environment has a token. */
export const copyDataset = (ask: CopyAsk): Copy[] => [
  { name: 'curl', says: 'The metadata as JSON, then all files as one zip.', code: curl(ask) },
  {
    name: 'curl (Dataverse API)',
    says: 'The same in the words of Dataverse’s native API.',
    code: curlDataverse(ask),
  },
  { name: 'pyDataverse', says: 'Each file, by the unmodified Python client of Dataverse.', code: pyDataverse(ask) },
  ...(ask.table ? [{ name: 'Python (pandas)', says: `Reads ${ask.table.label}.`, code: pandas(ask, ask.table) }] : []),
  {
    name: 'R',
    says: ask.table ? `Reads ${ask.table.label}, then fetches all files.` : 'All files, with R alone.',
    code: r(ask),
  },
]

const inShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Percent-encoded throughout, so that it can stand between quotes in any language. */
const inAddress = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27')

const ours = ({ site, pid }: CopyAsk): string => `${site}/v1/datasets/${inAddress(pid)}`
const zipOf = (ask: CopyAsk): string => `${ours(ask)}/versions/${inAddress(ask.version)}/zip`
const tableOf = ({ site }: CopyAsk, { id }: NonNullable<CopyAsk['table']>): string =>
  `${site}/v1/files/${inAddress(String(id))}/table/rows?format=csv`

function curl(ask: CopyAsk): string {
  const call = `curl -sS --fail-with-body ${ask.needsToken ? '-H "Authorization: Bearer $TESSERA_TOKEN" ' : ''}`
  const file = `${ask.pid.replace(/[^A-Za-z0-9.]+/g, '-')}.zip`
  return `${call}\\
  ${inShell(`${ours(ask)}?version=${inAddress(ask.version)}`)}

${call}-o ${file} \\
  ${inShell(zipOf(ask))}`
}

function curlDataverse(ask: CopyAsk): string {
  const { site, pid, version, needsToken } = ask
  const call = `curl -sS --fail-with-body ${needsToken ? '-H "X-Dataverse-key: $TESSERA_TOKEN" ' : ''}`
  const file = `${pid.replace(/[^A-Za-z0-9.]+/g, '-')}.zip`
  const number = version === 'draft' ? ':draft' : version
  const asked = `persistentId=${inAddress(pid).replaceAll('%3A', ':').replaceAll('%2F', '/')}`
  return `${call}\\
  ${inShell(`${site}/api/datasets/:persistentId/versions/${number}?${asked}`)}

${call}-o ${file} \\
  ${inShell(`${site}/api/access/dataset/:persistentId/versions/${number}?${asked}`)}`
}

const pyDataverse = ({ site, pid, version }: CopyAsk): string => `# pip install pyDataverse
import os
from pathlib import Path

from pyDataverse.api import DataAccessApi, NativeApi

site = ${inPython(site)}
token = os.environ.get("TESSERA_TOKEN")  # what is published and open needs none
found = NativeApi(site, token).get_dataset_version(${inPython(pid)}, ${inPython(version === 'draft' ? ':draft' : version)})
found.raise_for_status()
access = DataAccessApi(site, token)
for file in found.json()["data"]["files"]:
    target = Path("dataset", file.get("directoryLabel", ""), file["label"])
    target.parent.mkdir(parents=True, exist_ok=True)
    reply = access.get_datafile(file["dataFile"]["id"], is_pid=False)
    if reply.status_code == 200:
        target.write_bytes(reply.content)
        print(target, len(reply.content), "bytes")
    else:
        print(target, "is not open to you")`

const pandas = (
  ask: CopyAsk,
  table: NonNullable<CopyAsk['table']>,
): string => `${ask.needsToken ? 'import os\n' : ''}import pandas

data = pandas.read_csv(
    ${inPython(tableOf(ask, table))},${
      ask.needsToken ? `\n    storage_options={"Authorization": f"Bearer {os.environ['TESSERA_TOKEN']}"},` : ''
    }
)
print(data)`

function r(ask: CopyAsk): string {
  const headers = ask.needsToken ? `, headers = headers` : ''
  return [
    ...(ask.needsToken ? ['headers <- c(Authorization = paste("Bearer", Sys.getenv("TESSERA_TOKEN")))', ''] : []),
    ...(ask.table
      ? [
          'data <- read.csv(url(',
          `  ${inR(tableOf(ask, ask.table))}${headers}`,
          '), check.names = FALSE)',
          'print(head(data))',
          '',
        ]
      : []),
    'zip <- tempfile(fileext = ".zip")',
    'download.file(',
    `  ${inR(zipOf(ask))},`,
    `  zip, mode = "wb", quiet = TRUE${headers}`,
    ')',
    'unzip(zip, exdir = "dataset")',
    'list.files("dataset", recursive = TRUE)',
  ].join('\n')
}

/** JSON's strings are Python's and R's as well; signs for the terminal that JSON leaves as they are, are written out. */
const inPython = (value: string): string =>
  JSON.stringify(value).replace(/\p{Cc}/gu, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)
const inR = inPython
