import { Anchor, Button } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

/** A button that leads to a page. */
export const ButtonLink = createLink(Button<'a'>)
/** A link in text to a page. */
export const TextLink = createLink(Anchor<'a'>)
