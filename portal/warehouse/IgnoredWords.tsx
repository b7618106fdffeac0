import { Alert } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'

/** Says which part of an address made no sense, rather than answering another question in silence. */
export function IgnoredWords({ model, words }: { model: string; words: readonly string[] }) {
  if (words.length === 0) return null
  return (
    <Alert icon={<IconInfoCircle aria-hidden />} color="gray" title="Part of the address was left out" role="status">
      {model} doesn’t know {words.join(', ')}.
    </Alert>
  )
}
