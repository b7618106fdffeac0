/** Reads what its parent names and says how many bytes came; a process of its own, as a client has. */
import { get } from 'node:http'

process.on('message', (url: string) => {
  get(url, (response) => {
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    response.on('end', () => process.send?.(bytes))
  })
})
