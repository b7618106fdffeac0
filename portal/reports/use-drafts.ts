import { useWindowEvent } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { asProblem } from '#portal/kit/problem.ts'
import { again, type Drafts, dropped, type Entry, insisted, refused, saved, taken, written } from './drafts.ts'
import type { ParameterValues } from './report-data.ts'
import { putCells } from './use-report-data.ts'

/** As many as the server takes together. */
const most = 1000
/** How soon what could not be asked is tried again by itself. */
const againMs = 5000

/**
 * Saves what is written into a report's cells, one request after the other, and keeps what is not saved yet. `lastSaved`
 * counts up with each answer that saved something.
 */
export function useDrafts(report: string, parameters: ParameterValues) {
  const [drafts, setDrafts] = useState<Drafts>(new Map())
  const [lastSaved, setLastSaved] = useState(0)
  const now = useRef(drafts)
  const isSending = useRef(false)
  const shown = useRef(parameters)
  shown.current = parameters

  const change = (next: Drafts) => {
    now.current = next
    setDrafts(next)
  }
  const send = async (): Promise<void> => {
    if (isSending.current) return
    isSending.current = true
    try {
      for (;;) {
        const { batch, drafts: sent } = taken(now.current, most)
        if (batch.length === 0) return
        change(sent)
        try {
          const { cells } = await ask('PATCH /v1/reports/:report/inputs', {
            params: { report },
            body: { cells: batch.map(({ row, column, value, version }) => ({ row, column, value, version })) },
          })
          putCells(report, shown.current, cells)
          change(saved(now.current, cells))
          setLastSaved((count) => count + 1)
        } catch (error) {
          change(refused(now.current, batch, asProblem(error)))
        }
      }
    } finally {
      isSending.current = false
    }
  }
  const go = (next: Drafts) => {
    change(next)
    void send()
  }
  const hasFailed = [...drafts.values()].some(({ state }) => state === 'failed')
  const retry = useRef((): void => undefined)
  retry.current = () => go(again(now.current))
  useEffect(() => {
    if (!hasFailed) return
    const timer = setInterval(() => retry.current(), againMs)
    return () => clearInterval(timer)
  }, [hasFailed])
  useWindowEvent('online', () => retry.current())
  return {
    drafts,
    lastSaved,
    write: (entries: readonly Entry[]) => go(written(now.current, entries)),
    retry: () => retry.current(),
    insist: (key: string) => go(insisted(now.current, key)),
    drop: (keys: readonly string[]) => change(dropped(now.current, keys)),
  }
}

export type DraftsInUse = ReturnType<typeof useDrafts>
