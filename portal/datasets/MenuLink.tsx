import { Menu, type MenuItemProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'

type MenuAnchorProps = MenuItemProps & Omit<ComponentProps<'a'>, keyof MenuItemProps>

const MenuAnchor = (props: MenuAnchorProps) => <Menu.Item component="a" {...props} />

/** An item of a menu that leads to a page. */
export const MenuLink = createLink(MenuAnchor)
