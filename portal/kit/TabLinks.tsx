import { Link } from '@tanstack/react-router'
import style from './TabLinks.module.css'

interface TabLinksProps {
  readonly label: string
  readonly tabs: readonly { readonly to: string; readonly label: string }[]
}

/** Tabs that are pages: each has an address, so they are links, and the one that is shown says so. */
export function TabLinks({ label, tabs }: TabLinksProps) {
  return (
    <nav aria-label={label} className={style.tabs}>
      {tabs.map(({ to, label: name }) => (
        <Link key={to} to={to} activeOptions={{ exact: true }} className={style.tab}>
          {name}
        </Link>
      ))}
    </nav>
  )
}
