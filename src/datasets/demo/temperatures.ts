const racks = ['A1', 'A2', 'A3', 'A4', 'B1', 'B2', 'B3', 'B4', 'C1', 'C2', 'C3', 'C4']
const hours = 30 * 24
const start = Date.UTC(2026, 5, 1)

/** Thirty days of twelve racks, the same whenever they are made. */
export function temperatures(): string {
  const lines = ['measured_at,day,rack,inlet_celsius,humidity_percent,fans_rpm']
  for (let hour = 0; hour < hours; hour++) {
    const at = new Date(start + hour * 3_600_000).toISOString()
    for (const [place, rack] of racks.entries()) {
      const daily = Math.sin(((hour % 24) - 9) / 3.82)
      const load = Math.sin(hour / 37 + place) * Math.sin(hour / 11 + 2 * place)
      const inlet = 22 + 1.8 * daily + 1.2 * load + 0.15 * place
      const humidity = 46 - 6 * daily + 3 * Math.sin(hour / 90)
      const fans = Math.round(2400 + 260 * Math.max(0, inlet - 22))
      lines.push(`${at},${at.slice(0, 10)},${rack},${inlet.toFixed(1)},${humidity.toFixed(0)},${fans}`)
    }
  }
  return `${lines.join('\n')}\n`
}
