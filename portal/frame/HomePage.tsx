import { useYou } from '#portal/instance/instance.ts'
import { OwnHome } from './OwnHome.tsx'
import { VisitorHome } from './VisitorHome.tsx'

/** The start page: what this is, for who comes by; what there is to do, for who is signed in. */
export function HomePage() {
  const you = useYou()
  return you ? <OwnHome you={you} /> : <VisitorHome />
}
