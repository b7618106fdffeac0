import type { Run, RunLogLine, RunStep, RunWork } from './run.ts'
import type { RunNews } from './store.ts'

const mostLines = 10_000
const longestLine = 2000

export interface Reporter {
  readonly work: Pick<RunWork<never>, 'signal' | 'step' | 'progress' | 'log'>
  /** The last word on the progress line. */
  say(text: string): void
  /** What there is to keep; null when nothing is new, unless it is the run's end. */
  takeNews(atEnd: true): RunNews
  takeNews(atEnd?: boolean): RunNews | null
  /** What was taken could not be kept: it is new again. */
  keepNews(): void
}

/** Gathers what a handler reports, so that a chatty one costs one write a beat. */
export function reporter(run: Run, lastLine: number, signal: AbortSignal): Reporter {
  const steps: { -readonly [K in keyof RunStep]: RunStep[K] }[] = []
  let lines: RunLogLine[] = []
  let taken: RunLogLine[] = []
  let progress = 0
  let progressText: string | null = null
  let line = lastLine
  let changed = false

  const log = (text: string, level: RunLogLine['level'] = 'info'): void => {
    if (line >= mostLines) return
    line++
    const full = line === mostLines
    const kept = text.length > longestLine ? `${text.slice(0, longestLine)}…` : text
    lines.push({
      line,
      at: new Date(),
      attempt: run.attempt,
      level: full ? 'warn' : level,
      text: full ? 'Further lines are left out.' : kept,
    })
    changed = true
  }

  const setProgress = (fraction: number, text?: string): void => {
    progress = Math.min(1, Math.max(0, Number.isFinite(fraction) ? fraction : progress))
    if (text !== undefined) progressText = text.slice(0, 500)
    changed = true
  }

  async function step<T>(name: string, body: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const entry: (typeof steps)[number] = {
      name,
      state: 'running',
      startedAt: new Date().toISOString(),
      finishedAt: null,
    }
    steps.push(entry)
    progressText = name
    changed = true
    try {
      const result = await body()
      entry.state = 'succeeded'
      return result
    } catch (error) {
      entry.state = 'failed'
      throw error
    } finally {
      entry.finishedAt = new Date().toISOString()
      changed = true
    }
  }

  function takeNews(atEnd: true): RunNews
  function takeNews(atEnd?: boolean): RunNews | null
  function takeNews(atEnd = false): RunNews | null {
    if (!changed && !atEnd) return null
    changed = false
    taken = lines
    lines = []
    return { progress, progressText, steps, lines: taken }
  }

  return {
    work: { signal, step, progress: setProgress, log },
    say: (text) => setProgress(progress, text),
    takeNews,
    keepNews: () => {
      lines = [...taken, ...lines]
      taken = []
      changed = true
    },
  }
}
