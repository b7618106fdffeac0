import pino, { type DestinationStream, type Logger } from 'pino'
import { redact } from './redact.ts'

export type { Logger }

/** The product's log: JSON lines, every one of them cleared of secrets as the last thing before it is written. */
export function openLog(level: string, destination: DestinationStream = pino.destination({ sync: true })): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: redact },
    },
    destination,
  )
}
