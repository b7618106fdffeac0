import { useMounted } from '@mantine/hooks'

/**
 * For a dialog whose code is fetched when it is first asked for: it must be there closed before it opens, or else it
 * doesn't learn where the focus has to go back to.
 */
export const useOpened = (opened: boolean): boolean => useMounted() && opened
