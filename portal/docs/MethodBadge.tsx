import { Badge } from '@mantine/core'

const colours: Readonly<Record<string, string>> = {
  GET: 'blue',
  POST: 'teal',
  PUT: 'orange',
  PATCH: 'orange',
  DELETE: 'red',
}

export function MethodBadge({ method }: { method: string }) {
  return (
    <Badge
      variant="default"
      radius="sm"
      w={78}
      px={4}
      style={{ flexShrink: 0, borderLeft: `4px solid var(--mantine-color-${colours[method] ?? 'gray'}-6)` }}
    >
      {method}
    </Badge>
  )
}
