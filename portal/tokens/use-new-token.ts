import { useState } from 'react'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { type ExpiryChoice, expiryBody } from './expiry-choice.ts'
import { grantsOf, type PermissionChoice } from './permission-choice.ts'

/** What a form for a new token holds, and what it asks the server for. */
export function useNewToken() {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [expiry, setExpiry] = useState<ExpiryChoice>({ by: 'days', days: 30 })
  const [choice, setChoice] = useState<PermissionChoice>({})
  const permissions = grantsOf(choice)
  return {
    name,
    setName,
    description,
    setDescription,
    expiry,
    setExpiry,
    choice,
    setChoice,
    /** It would have no permission. */
    isVoid: permissions.length === 0,
    isReady: name.trim() !== '' && permissions.length > 0 && !(expiry.by === 'date' && expiry.date === null),
    /** For `POST /v1/tokens`; each call of it is another request. */
    request: (more: { account?: string } = {}) => ({
      body: { name, description, permissions, ...expiryBody(expiry), ...more },
      headers: { 'idempotency-key': idempotencyKey() },
    }),
    /** For the next one; how long it is to live stays. */
    clear() {
      setName('')
      setDescription('')
      setChoice({})
    },
  }
}
