import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

export interface Metrics {
  /** Where `app.ts` registers what rooms count. */
  readonly registry: Registry
  observe(endpoint: string, status: number, seconds: number): void
  text(): Promise<string>
}

/** Figures of the process itself need timers and observers that live as long as it does: once per process. */
export function openMetrics({ ofProcess = true } = {}): Metrics {
  const registry = new Registry()
  if (ofProcess) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 50 })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the first byte of the request to the last of the reply',
    labelNames: ['endpoint', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  })
  return {
    registry,
    observe: (endpoint, status, seconds) => duration.observe({ endpoint, status }, seconds),
    text: () => registry.metrics(),
  }
}
