import { Grid, Stack } from '@mantine/core'
import { may, useInstance, type You } from '#portal/instance/instance.ts'
import { Page } from '#portal/kit/Page.tsx'
import { HomeDatasets } from './HomeDatasets.tsx'
import { HomeModels } from './HomeModels.tsx'
import { HomeReports } from './HomeReports.tsx'
import { HomeRuns } from './HomeRuns.tsx'
import { HomeTokens } from './HomeTokens.tsx'

/** What there is to do for somebody who is signed in: models, datasets, reports, tokens that need them, their latest runs. */
export function OwnHome({ you }: { you: You }) {
  const { organization, personal_tokens } = useInstance()
  return (
    <Page title="Start" lead={organization.name && `The data portal of ${organization.name}.`}>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <HomeModels heading="What you may ask" />
            <HomeDatasets />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            {may(you, 'reports:read') && <HomeReports />}
            {personal_tokens && may(you, 'tokens:write') && <HomeTokens />}
            <HomeRuns />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  )
}
