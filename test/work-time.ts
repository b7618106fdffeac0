/**
 * Milliseconds of processors that this process has worked since it was called. Unlike a clock's they stand still while other
 * work has the machine, so that what must not take long can be held on a busy one too.
 */
export function workTime(): () => number {
  const began = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(began)
    return (user + system) / 1000
  }
}
