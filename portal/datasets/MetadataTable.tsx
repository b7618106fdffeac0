import { Anchor, Box, Stack, Text, Title } from '@mantine/core'
import { Fragment, type ReactNode } from 'react'
import style from './MetadataTable.module.css'
import type { MetadataSection, Part, Value } from './metadata-rows.ts'

/** All metadata of a version, block by block. */
export function MetadataTable({ sections }: { sections: readonly MetadataSection[] }) {
  return (
    <Stack gap="lg">
      {sections.map(({ name, label, rows }) => (
        <section key={name} aria-labelledby={`block-${name}`}>
          <Title order={2} size="h5" id={`block-${name}`} mb={4}>
            {label}
          </Title>
          <Box component="dl" className={style.rows}>
            {rows.map((row) => (
              <Fragment key={row.name}>
                <dt>{row.label}</dt>
                <dd>
                  {row.values.map((value, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: values of one field have no other name
                    <ValueText key={at} value={value} isLong={row.isLong} />
                  ))}
                </dd>
              </Fragment>
            ))}
          </Box>
        </section>
      ))}
    </Stack>
  )
}

function ValueText({ value: [first, ...more], isLong }: { value: Value; isLong: boolean }) {
  if (!first) return null
  return (
    <div className={isLong ? style.long : undefined}>
      <PartText part={first} />
      {more.length > 0 && (
        <Text component="span" size="sm" c="dimmed">
          {more.map((part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of one value have no other name
            <Fragment key={at}>
              {' '}
              · {part.label}: <PartText part={part} />
            </Fragment>
          ))}
        </Text>
      )}
    </div>
  )
}

const PartText = ({ part: { text, href } }: { part: Part }): ReactNode =>
  href === null ? (
    text
  ) : (
    <Anchor href={href} target="_blank" rel="noreferrer" inherit>
      {text}
    </Anchor>
  )
