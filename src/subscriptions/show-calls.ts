import type { Subscription } from './store.ts'

/** Calls to be copied: the token stands in a variable, never in the text. */
export function callsOf({ id, definition }: Pick<Subscription, 'id' | 'definition'>, siteAddress: string) {
  const address = `${siteAddress}/v1/subscriptions/${id}/runs`
  return {
    permission: `subscriptions:run:${id}`,
    calls: [
      {
        title: `Start “${definition.name}”`,
        language: 'shell',
        text: [
          `curl -X POST ${address} \\`,
          '  -H "Authorization: Bearer $TESSERA_TOKEN" \\',
          '  -H "Idempotency-Key: $(uuidgen)"',
        ].join('\n'),
      },
      {
        title: 'Start it, say why, and wait for its end',
        language: 'shell',
        text: [
          `curl -X POST ${address} \\`,
          '  -H "Authorization: Bearer $TESSERA_TOKEN" \\',
          '  -H "Content-Type: application/json" \\',
          '  -H "Prefer: wait=30" \\',
          `  -d '{"cause": "month end"}'`,
        ].join('\n'),
      },
      {
        title: 'Look who got it',
        language: 'shell',
        text: [`curl "${siteAddress}/v1/runs/$RUN/deliveries" \\`, '  -H "Authorization: Bearer $TESSERA_TOKEN"'].join(
          '\n',
        ),
      },
      {
        title: 'Start it in PowerShell',
        language: 'powershell',
        text: `Invoke-RestMethod -Method Post -Uri "${address}" -Headers @{ Authorization = "Bearer $env:TESSERA_TOKEN" }`,
      },
      {
        title: 'Start it in Python',
        language: 'python',
        text: [
          'import os, requests',
          '',
          `run = requests.post("${address}",`,
          '    headers={"Authorization": "Bearer " + os.environ["TESSERA_TOKEN"]}).json()',
          'print(run["id"], run["state"])',
        ].join('\n'),
      },
    ],
    postman: `/v1/subscriptions/${id}/postman.json`,
  }
}

/** Stands in for the one that all things that can be started share. */
export const startCollection = ({
  siteAddress,
  path,
  what,
}: {
  siteAddress: string
  path: string
  what: string
  files: boolean
  more: unknown[]
}) => ({
  info: { name: what, schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
  variable: [
    { key: 'base_url', value: siteAddress },
    { key: 'token', value: '' },
  ],
  item: [
    {
      name: 'Start',
      request: {
        method: 'POST',
        header: [{ key: 'Idempotency-Key', value: '{{$guid}}' }],
        url: { raw: `{{base_url}}${path}`, host: ['{{base_url}}'], path: path.split('/').slice(1) },
      },
    },
  ],
})
