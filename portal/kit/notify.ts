import { notifications } from '@mantine/notifications'
import { asProblem } from './problem.ts'

/** Something worked; the message goes by itself. */
export const notifyDone = (message: string): void => {
  notifications.show({ message, color: 'teal', autoClose: 5000 })
}

/** Something was refused or failed outside a form; stays until it has been read. */
export const notifyProblem = (error: unknown): void => {
  const { title, detail, hint, request_id } = asProblem(error)
  notifications.show({
    title,
    message: [detail, hint, request_id && `Request ${request_id}`].filter(Boolean).join(' · '),
    color: 'red',
    autoClose: false,
    role: 'alert',
  })
}
