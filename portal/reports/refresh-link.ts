/** The address that takes in an option set anew: what Inforiver's users know as the refresh link of a column. */
export const refreshLink = (site: string, report: string, column: string): string =>
  `${site}/v1/reports/${encodeURIComponent(report)}/columns/${encodeURIComponent(column)}/options?semantic-refresh=true`

/** The same as a line for a shell; the token comes from the environment, so that it stands in no file and no list of processes' words. */
export const refreshCommand = (site: string, report: string, column: string): string =>
  `curl -X POST '${refreshLink(site, report, column)}' \\\n  -H "Authorization: Bearer $TESSERA_TOKEN"`
