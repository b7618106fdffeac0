/** `npm run build`: makes the portal's pages for browsers. `npm start` does it by itself where it isn't done yet. */
import { buildPortal, isPortalBuilt } from '#src/pages/build-portal.ts'

if (process.argv.includes('--if-needed') && (await isPortalBuilt())) process.exit(0)
await buildPortal()
