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
        text: [`curl -X POST ${address} \\`, '  -H "Authorization: Bearer $TESSERA_TOKEN"'].join('\n'),
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
