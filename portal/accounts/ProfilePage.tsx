import { Grid, Stack, Title } from '@mantine/core'
import { useYou } from '#portal/instance/instance.ts'
import { DetailsForm } from './DetailsForm.tsx'
import { WhatYouMay } from './WhatYouMay.tsx'

/** Who one is here: what one may change about it, and what others have settled. */
export function ProfilePage() {
  const you = useYou()
  if (!you) return null
  return (
    <Stack gap="md">
      <Title order={2} size="h3">
        Details
      </Title>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <DetailsForm account={you.account} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <WhatYouMay account={you.account} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
