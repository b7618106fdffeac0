import { Button, Collapse, Flex, Paper, Stack } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconAdjustments } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** The question at the left and the answer at the right; on a small screen the question folds away above it. */
export function QuestionLayout({ question, children }: { question: ReactNode; children: ReactNode }) {
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
  const [isOpen, controls] = useDisclosure(false)
  return (
    <Flex gap="lg" align="flex-start" direction={isWide ? 'row' : 'column'}>
      <Paper
        withBorder={isWide}
        p={isWide ? 'md' : 0}
        w={isWide ? 330 : '100%'}
        component="section"
        aria-label="Question"
        style={{ flexShrink: 0 }}
      >
        {!isWide && (
          <Button
            fullWidth
            variant="default"
            leftSection={<IconAdjustments size={16} aria-hidden />}
            aria-expanded={isOpen}
            onClick={controls.toggle}
          >
            {isOpen ? 'Hide the question' : 'Change the question'}
          </Button>
        )}
        <Collapse expanded={isWide || isOpen}>{question}</Collapse>
      </Paper>
      <Stack component="section" aria-label="Answer" flex={1} miw={0} w={isWide ? 'auto' : '100%'} gap="md">
        {children}
      </Stack>
    </Flex>
  )
}
