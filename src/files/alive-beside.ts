/** Whether another process of this machine has this number. */
export function isAliveBeside(pid: number): boolean {
  // What this process writes is known; anything else in its name is of one before it that had the same number.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
