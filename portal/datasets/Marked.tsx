import { Mark } from '@mantine/core'
import { Fragment } from 'react'
import type { Snippet } from './found-words.ts'

/** Found words stand out; everything is text, whatever is written in it. */
export function Marked({ snippet: { text, marks } }: { snippet: Snippet }) {
  let at = 0
  return (
    <>
      {marks.map(([start = 0, end = 0]) => {
        const before = text.slice(at, start)
        at = end
        return (
          <Fragment key={start}>
            {before}
            <Mark color="yellow">{text.slice(start, end)}</Mark>
          </Fragment>
        )
      })}
      {text.slice(at)}
    </>
  )
}
