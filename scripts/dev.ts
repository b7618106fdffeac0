/** `npm run dev`: the server, started anew when its sources change, and the portal, built anew when its own do. */
import { spawn } from 'node:child_process'
import { build } from 'vite'
import { portalBuild } from '#src/pages/build-portal.ts'

const server = spawn(
  process.execPath,
  ['--watch', '--watch-path=src', 'src/main.ts', 'serve', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
)
server.once('exit', (code) => process.exit(code ?? 1))
process.on('SIGINT', () => server.kill('SIGINT')).on('SIGTERM', () => server.kill('SIGTERM'))
await build({ ...portalBuild, logLevel: 'warn', build: { ...portalBuild.build, minify: false, watch: {} } })
