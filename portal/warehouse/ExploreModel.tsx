import { Alert, Button, Collapse, Flex, Paper, Stack } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconAdjustments, IconInfoCircle } from '@tabler/icons-react'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ExploreControls } from './ExploreControls.tsx'
import { ExploreResult } from './ExploreResult.tsx'
import { ModelSwitcher } from './ModelSwitcher.tsx'
import type { Model, Question } from './question.ts'

interface ExploreModelProps {
  readonly model: Model
  readonly question: Question
  readonly ignored: readonly string[]
  readonly change: (patch: Partial<Question>) => void
}

export function ExploreModel({ model, question, ignored, change }: ExploreModelProps) {
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
  const [areControlsOpen, controls] = useDisclosure(false)
  return (
    <Page title={`Explore ${model.label}`} lead={model.description} wide actions={<ModelSwitcher model={model.name} />}>
      {ignored.length > 0 && (
        <Alert
          icon={<IconInfoCircle aria-hidden />}
          color="yellow"
          title="Part of the address was left out"
          role="status"
        >
          {model.label} doesn’t know {ignored.join(', ')}.
        </Alert>
      )}
      {!model.may.query || model.freshness === null ? (
        <NothingToAsk model={model} />
      ) : (
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
                aria-expanded={areControlsOpen}
                onClick={controls.toggle}
              >
                {areControlsOpen ? 'Hide the question' : 'Change the question'}
              </Button>
            )}
            <Collapse expanded={isWide || areControlsOpen}>
              <ExploreControls model={model} question={question} change={change} />
            </Collapse>
          </Paper>
          <Stack component="section" aria-label="Answer" flex={1} miw={0} w={isWide ? 'auto' : '100%'} gap="md">
            <ExploreResult model={model} question={question} change={change} />
          </Stack>
        </Flex>
      )}
    </Page>
  )
}

function NothingToAsk({ model }: { model: Model }) {
  return model.may.query ? (
    <EmptyState title={`${model.label} has no data yet`}>
      It was never refreshed. Whoever may refresh models starts that on its page.
    </EmptyState>
  ) : (
    <EmptyState title={`You may not query ${model.label}`}>
      It is for the role {model.access.query} and those above it. Ask an administrator for such a role.
    </EmptyState>
  )
}
