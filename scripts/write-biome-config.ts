/** Writes biome.json: the rules that a machine can hold, with the floors of scripts/floors.ts as import restrictions. */
import { readFileSync, writeFileSync } from 'node:fs'
import { forbiddenImports, portalFloors, privateFiles } from './floors.ts'

const { version } = JSON.parse(
  readFileSync(new URL('../node_modules/@biomejs/biome/package.json', import.meta.url), 'utf8'),
) as { version: string }

const restricted = (patterns: { group: string[]; message: string }[]) => ({
  style: { noRestrictedImports: { level: 'error', options: { patterns } } },
})

const floorRules = forbiddenImports().map(({ room, forbidden }) => ({
  includes: [`src/${room}/**`],
  linter: {
    rules: restricted([
      ...(forbidden.length === 0
        ? []
        : [
            {
              group: forbidden.flatMap((name) => [`#src/${name}/**`, `**/${name}/**`]),
              message: `${room}/ may import only rooms on lower floors (scripts/floors.ts)`,
            },
          ]),
      { group: ['#src/app.ts', '#src/main.ts'], message: 'rooms are wired by app.ts, they never import it' },
      {
        group: privateFiles.flatMap((file) => [`#src/*/${file}.ts`, `#src/*/*/${file}.ts`]),
        message: "another room's store, routes and worker are private: use its acts",
      },
    ]),
  },
}))

const portalRules = forbiddenImports(portalFloors).map(({ room, forbidden }) => ({
  includes: [`portal/${room}/**`],
  linter: {
    rules: restricted([
      ...(forbidden.length === 0
        ? []
        : [
            {
              group: forbidden.flatMap((name) => [
                `#portal/${name}/**`,
                `**/${name}/**`,
                `!#src/${name}/**/contract.ts`,
              ]),
              message: `portal/${room}/ may import only rooms on lower floors (scripts/floors.ts)`,
            },
          ]),
      {
        group: ['#src/**', '!#src/**/contract.ts', '!#src/http/endpoint.ts'],
        message: 'of the server the portal sees contracts only, as types',
      },
      {
        group: ['#portal/routes.tsx', '#portal/main.tsx'],
        message: 'pages are wired by routes.tsx, they never import it',
      },
    ]),
  },
}))

const config = {
  $schema: `https://biomejs.dev/schemas/${version}/schema.json`,
  vcs: { enabled: true, clientKind: 'git', useIgnoreFile: true },
  files: {
    includes: [
      '**',
      '!**/package-lock.json',
      '!src/database/tables.ts',
      '!docs/reference',
      '!bench/results.md',
      '!bench/results.json',
    ],
  },
  formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 120 },
  javascript: { formatter: { quoteStyle: 'single', semicolons: 'asNeeded', trailingCommas: 'all' } },
  linter: {
    rules: {
      preset: 'recommended',
      correctness: { noUndeclaredDependencies: 'error', noUnusedImports: 'error', noUnusedVariables: 'error' },
      complexity: { noForEach: 'off' },
      nursery: { noFloatingPromises: 'error' },
      performance: { noBarrelFile: 'error', noReExportAll: 'error' },
      style: { noDefaultExport: 'error', noProcessEnv: 'error', useImportType: 'error', noNonNullAssertion: 'off' },
      suspicious: { noExplicitAny: 'error', noImportCycles: 'error' },
    },
  },
  overrides: [
    {
      includes: ['src/main.ts', 'src/settings/**', 'test/**', 'bench/**', 'scripts/**'],
      linter: { rules: { style: { noProcessEnv: 'off' } } },
    },
    ...floorRules,
    ...portalRules,
  ],
}
writeFileSync(new URL('../biome.json', import.meta.url), `${JSON.stringify(config, null, 2)}\n`)
