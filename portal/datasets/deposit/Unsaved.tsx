import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

/** Before a draft goes out of its writer's hands without what they have just written. */
export const Unsaved = () => (
  <Alert
    color="orange"
    variant="light"
    icon={<IconAlertTriangle aria-hidden />}
    title="Not all that you wrote is saved"
  >
    It will not be in it. Cancel, and save the draft first.
  </Alert>
)
