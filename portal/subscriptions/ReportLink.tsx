import { TextLink } from '#portal/kit/ButtonLink.tsx'

interface ReportLinkProps {
  readonly report: string
  /** Null when there is no such report any more. */
  readonly title: string | null
}

/** The report of a subscription, leading to its page while it is there. */
export function ReportLink({ report, title }: ReportLinkProps) {
  if (title === null) return <>{report}, which is not there any more</>
  return (
    <TextLink to="/reports/$report" params={{ report }} inherit>
      {title}
    </TextLink>
  )
}
