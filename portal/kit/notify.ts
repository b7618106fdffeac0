import type { NotificationData } from '@mantine/notifications'
import { asProblem } from './problem.ts'
import { createStore } from './store.ts'

/** Whether there has been anything to say: what shows it is fetched then, and not before. */
export const noticesWanted = createStore(false)

async function show(notice: NotificationData): Promise<void> {
  noticesWanted.set(true)
  const { notifications } = await import('@mantine/notifications')
  notifications.show(notice)
}

/** Something worked; the message goes by itself. */
export const notifyDone = (message: string): void => {
  void show({ message, color: 'teal', autoClose: 5000 })
}

/** Something was refused or failed outside a form; stays until it has been read. */
export const notifyProblem = (error: unknown): void => {
  const { title, detail, hint, request_id } = asProblem(error)
  void show({
    title,
    message: [detail, hint, request_id && `Request ${request_id}`].filter(Boolean).join(' · '),
    color: 'red',
    autoClose: false,
    role: 'alert',
  })
}
