/**
 * What another application sends to start a run and follow it: as text to copy, and as a Postman collection. Made here
 * for every thing that can be started, so that all are started alike. The token never stands in them.
 */
export interface StartCall {
  /** Without closing slash. */
  readonly siteAddress: string
  /** Where it is started: `/v1/models/jobs/refreshes`, its parts encoded. */
  readonly path: string
  /** What is done, for people: "Refresh Jobs". */
  readonly what: string
  /** Whether its runs leave files to download. */
  readonly files: boolean
  /** Further things that can be read of its runs, by their place below `/v1/runs/{run}`. */
  readonly more?: readonly { readonly name: string; readonly place: string }[]
}

export interface ReadyCall {
  readonly title: string
  readonly language: string
  readonly text: string
}

/** Ready-made calls; each takes the token from the variable `TESSERA_TOKEN`. */
export const startCalls = ({ siteAddress, path }: StartCall): ReadyCall[] => [
  { title: 'curl', language: 'shell', text: curl(siteAddress, path) },
  { title: 'Shell script', language: 'shell', text: script(siteAddress, path) },
  { title: 'Python', language: 'python', text: python(siteAddress, path) },
]

const cause = 'Another application'

const inShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const curl = (site: string, path: string): string => `curl -sS --fail-with-body -X POST ${inShell(site + path)} \\
  -H "Authorization: Bearer $TESSERA_TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"cause": "${cause}"}'`

const script = (site: string, path: string): string => `set -eu
site=${inShell(site)}
ask() { curl -sS --fail-with-body -H "Authorization: Bearer $TESSERA_TOKEN" "$@"; }
first() { grep -o "\\"$1\\":\\"[^\\"]*\\"" | head -n 1 | cut -d '"' -f 4; }

started=$(ask -X POST "$site"${inShell(path)} \\
  -H 'Content-Type: application/json' -d '{"cause": "${cause}"}')
run=$(printf %s "$started" | first id)
echo "$site/v1/runs/$run"
state=queued
while [ "$state" = queued ] || [ "$state" = running ]; do
  now=$(ask -H 'Prefer: wait=30' "$site/v1/runs/$run")
  state=$(printf %s "$now" | first state)
done
echo "$state"
[ "$state" = succeeded ]`

const python = (site: string, path: string): string => `import json
import os
import sys
import urllib.request

site = ${JSON.stringify(site)}


def ask(path, method="GET", body=None, **headers):
    headers["Authorization"] = f"Bearer {os.environ['TESSERA_TOKEN']}"
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body).encode()
    request = urllib.request.Request(site + path, body, headers, method=method)
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


run = ask(${JSON.stringify(path)}, "POST", {"cause": "${cause}"})
while run["state"] in ("queued", "running"):
    run = ask(f"/v1/runs/{run['id']}", Prefer="wait=30")
print(run["state"], run["counts"], run["error"])
sys.exit(run["state"] != "succeeded")`
