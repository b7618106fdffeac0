import { choiceOf } from './permission-choice.ts'

/** A model that the token can read, and something in it to ask for. */
export interface Example {
  readonly model: string
  readonly realm: string | null
  readonly metric: { readonly name: string }
  readonly dimension: { readonly name: string } | null
}

interface Ask {
  readonly secret: string
  /** Where the portal is, without a closing slash. */
  readonly site: string
  readonly permissions: readonly string[]
  readonly example: Example | null
}

export interface PasteLines {
  readonly curl: string
  readonly python: string
  readonly env: string
}

/** The same for the token of Dataverse's clients, with theirs. */
export const dataverseLines = ({ secret, site }: Pick<Ask, 'secret' | 'site'>): PasteLines => ({
  curl: `curl -H "X-Dataverse-key: ${secret}" \\\n  "${site}/api/users/:me"`,
  python: [
    '# pip install pyDataverse',
    'from pyDataverse.api import NativeApi',
    `api = NativeApi("${site}", "${secret}")`,
    'print(api.get_user().json())',
  ].join('\n'),
  env: [`SERVER_URL=${site}`, `API_TOKEN=${secret}`].join('\n'),
})

/** Lines that work when pasted as they are: each has the token in it, so they are shown once, with it. */
export const pasteLines = (ask: Ask): PasteLines => ({ curl: curl(ask), python: python(ask), env: env(ask) })

function curl({ secret, site, permissions, example }: Ask): string {
  const bearer = `-H "Authorization: Bearer ${secret}"`
  const choice = choiceOf(permissions)
  if (example && 'warehouse:read' in choice) {
    const by = example.dimension ? `&dimensions=${example.dimension.name}` : ''
    return `curl ${bearer} \\\n  "${site}/v1/query?model=${example.model}&metrics=${example.metric.name}${by}&format=csv"`
  }
  const runs = choice['subscriptions:run']
  if (runs?.[0] !== undefined) return `curl -X POST ${bearer} \\\n  "${site}/v1/subscriptions/${runs[0]}/runs"`
  const refreshes = choice['models:refresh']
  if (refreshes !== undefined)
    return `curl -X POST ${bearer} \\\n  "${site}/v1/models/${refreshes?.[0] ?? example?.model ?? 'jobs'}/refreshes"`
  return `curl ${bearer} \\\n  "${site}/v1/tokens/current"`
}

function python({ secret, site, example }: Ask): string {
  const asks = example?.realm
    ? [
        '    print(dw.get_data(',
        `        duration="Previous month", realm=${JSON.stringify(example.realm)}, metric="${example.metric.name}",`,
        ...(example.dimension ? [`        dimension="${example.dimension.name}",`] : []),
        '    ))',
      ]
    : ['    print(dw.describe_realms())']
  return [
    '# pip install xdmod-data',
    'import os',
    `os.environ["XDMOD_API_TOKEN"] = "${secret}"`,
    '',
    'from xdmod_data.warehouse import DataWarehouse',
    `with DataWarehouse("${site}") as dw:`,
    ...asks,
  ].join('\n')
}

const env = ({ secret, site }: Ask): string =>
  [`TESSERA_URL=${site}`, `TESSERA_API_TOKEN=${secret}`, '# for xdmod-data', `XDMOD_API_TOKEN=${secret}`].join('\n')
