import { Grid, List, Stack, Text, Title } from '@mantine/core'
import { useInstance } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { FirstQuestion } from './FirstQuestion.tsx'
import { HomeDatasets } from './HomeDatasets.tsx'
import { HomeModels } from './HomeModels.tsx'

/** In one screen: what can be asked here, and how one comes to an API token of one's own. */
export function VisitorHome() {
  const { title, organization, personal_tokens } = useInstance()
  return (
    <Page
      title={organization.name ? `${title}, the data portal of ${organization.name}` : `${title}, a data portal`}
      lead="Ask the data warehouse and fetch datasets in your browser, or from a notebook, a script or any other program that shows an API token."
    >
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <HomeModels heading="What everybody may ask" />
            <HomeDatasets />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <FirstQuestion />
            {personal_tokens && <HowToGetToken />}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  )
}

function HowToGetToken() {
  return (
    <section aria-labelledby="get-token">
      <Title order={2} size="h4" id="get-token" mb="xs">
        An API token of your own
      </Title>
      <List type="ordered" spacing={4}>
        <List.Item>
          <strong>Sign In</strong>, at the top left.
        </List.Item>
        <List.Item>
          <strong>My Profile</strong>, at the top right, then <strong>API Token</strong>.
        </List.Item>
        <List.Item>
          <strong>Generate API Token</strong>, and copy it: it is shown once.
        </List.Item>
      </List>
      <Text size="sm" c="dimmed" mt="xs">
        With it you reach everything that your role may see, as the <TextLink to="/docs">API docs</TextLink> tell.
      </Text>
    </section>
  )
}
