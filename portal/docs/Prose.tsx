import { Code, Text, type TextProps } from '@mantine/core'

/** A description as contracts write it: paragraphs, and names between backticks. `inline`: within a line of others. */
export function Prose({ text, inline = false, ...props }: { text: string; inline?: boolean } & TextProps) {
  return text.split('\n\n').map((paragraph) => (
    <Text key={paragraph} span={inline} {...props} style={{ overflowWrap: 'anywhere' }}>
      {paragraph.split('`').map((part, at) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
        at % 2 === 1 ? <Code key={at}>{part}</Code> : part,
      )}
    </Text>
  ))
}
