import { firstNames, gpuItems, hierarchy, lastNames, organization, partner } from './demo-center.ts'
import type { Random } from './seeded-random.ts'

export interface DemoGroup {
  readonly name: string
  /** Head of the group, shown as the PI. */
  readonly first: string
  readonly last: string
  readonly item: string
  readonly gid: number
}

export interface DemoUser {
  readonly name: string
  readonly first: string
  readonly last: string
  readonly uid: number
  readonly group: DemoGroup
  readonly organization: string
  /** How much of all work is this user's, relative to the others. */
  readonly activity: number
  readonly prefersGpus: boolean
}

/** One group for each bottom item of the hierarchy and a few people in each; a handful of people do most of the work. */
export function makePeople(random: Random): { groups: DemoGroup[]; users: DemoUser[] } {
  const taken = new Set<string>()
  const draw = () => {
    for (;;) {
      const first = random.pick(firstNames)
      const last = random.pick(lastNames)
      const name = `${first[0]}${last}`.toLowerCase().slice(0, 8)
      if (taken.has(name)) continue
      taken.add(name)
      return { first, last, name }
    }
  }
  const parents = new Set(hierarchy.map(([, , parent]) => parent))
  const bottom = hierarchy.filter(([abbreviation]) => !parents.has(abbreviation)).map(([abbreviation]) => abbreviation)
  const groups = bottom.map((item, at) => {
    const head = draw()
    return { name: `${head.last.toLowerCase()}-${item}`, first: head.first, last: head.last, item, gid: 20_000 + at }
  })
  const users = groups.flatMap((group) =>
    Array.from({ length: random.whole(2, 9) }, (_, at) => ({
      ...draw(),
      uid: group.gid * 10 + at,
      group,
      organization: random.next() < 0.15 ? partner.abbreviation : organization.abbreviation,
      activity: random.skewed(1, 1.4),
      prefersGpus: gpuItems.has(group.item),
    })),
  )
  return { groups, users }
}
