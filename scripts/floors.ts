/**
 * The one ordered list of rooms, top floor first. Imports go down only; rooms on one floor don't import each other.
 * `npm run floors` writes it into biome.json as import rules; test/floors.test.ts plants a violation and sees it caught.
 */
export const floors: readonly (readonly string[])[] = [
  ['pages'],
  ['instance'],
  ['protocols'],
  ['subscriptions'],
  ['reports'],
  ['models', 'exports'],
  ['imports', 'datasets'],
  ['warehouse'],
  ['runs'],
  ['tokens'],
  ['accounts'],
  ['audit'],
  ['http', 'queue', 'files', 'mail', 'documents', 'outbound'],
  ['database'],
  ['settings', 'schedule'],
  ['access', 'problem'],
]

/**
 * The portal's floors, under the same names. `frame` stands around all pages; `instance` says who is signed in, so every
 * room may ask it; `kit` knows no room. Of the server the portal sees contracts, and of these only types.
 */
export const portalFloors: readonly (readonly string[])[] = [
  ['frame'],
  ['docs'],
  ['subscriptions'],
  ['reports'],
  ['models'],
  ['datasets'],
  ['warehouse'],
  ['runs'],
  ['tokens'],
  ['accounts'],
  ['audit'],
  ['instance'],
  ['kit'],
]

/** For each room, the rooms it may not import: everything above, and its neighbours. */
export function forbiddenImports(of = floors): { room: string; forbidden: string[] }[] {
  return of.flatMap((floor, height) =>
    floor.map((room) => ({
      room,
      forbidden: [...of.slice(0, height).flat(), ...floor.filter((neighbour) => neighbour !== room)],
    })),
  )
}

/** Files that only their own room may import: its SQL, its wiring. */
export const privateFiles = ['store', 'routes', 'worker'] as const
