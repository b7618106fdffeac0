import { Anchor, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

type ButtonAnchorProps = ButtonProps & Omit<ComponentProps<'a'>, keyof ButtonProps>

/** Looks like a button, and is the link that it acts as. */
const ButtonAnchor = (props: ButtonAnchorProps) => <Button component="a" {...props} />

/** A button that leads to a page. */
export const ButtonLink = createLink(ButtonAnchor)
/** A link in text to a page. */
export const TextLink = createLink(Anchor<'a'>)
