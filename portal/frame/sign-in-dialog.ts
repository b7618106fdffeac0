import { createStore } from '#portal/kit/store.ts'

/** Whether the dialog to sign in is open. */
export const signInDialog = createStore(false)

/** Opens the dialog; where the same form already fills the page, goes to that. */
export function openSignIn(): void {
  const field = document.querySelector<HTMLInputElement>('main input[name="username"]')
  if (field) field.focus()
  else signInDialog.set(true)
}
