import { type Formula, formulaFunctions } from '#src/warehouse/catalogue.ts'

/** Reads the expression of a derived metric: numbers, names of metrics, + - * / and a few functions. Throws a `SyntaxError`. */
export function parseFormula(text: string): Formula {
  const tokens = [...text.matchAll(/\s*(?:([0-9]+(?:\.[0-9]+)?)|([A-Za-z_][A-Za-z0-9_]*)|([-+*/(),])|(\S))/g)]
  let at = 0
  const symbol = () => tokens[at]?.[3]
  const take = (wanted: string) => {
    if (symbol() !== wanted) throw new SyntaxError(`${wanted} expected${where()}`)
    at++
  }
  const where = () => (at < tokens.length ? ` at "${tokens[at]![0].trim()}"` : ' at the end')

  function chain(operators: string, next: () => Formula): Formula {
    let left = next()
    for (let op = symbol(); op !== undefined && operators.includes(op); op = symbol()) {
      at++
      left = { op: op as '+' | '-' | '*' | '/', left, right: next() }
    }
    return left
  }
  const sum = (): Formula => chain('+-', product)
  const product = (): Formula => chain('*/', factor)

  function factor(): Formula {
    const [, number, name, sign] = tokens[at] ?? []
    if (sign === '-') {
      at++
      return { op: '-', left: { number: 0 }, right: factor() }
    }
    if (sign === '(') {
      at++
      const inner = sum()
      take(')')
      return inner
    }
    if (number !== undefined) {
      at++
      return { number: Number(number) }
    }
    if (name === undefined) throw new SyntaxError(`a number, a metric or ( expected${where()}`)
    at++
    return symbol() === '(' ? call(name) : { metric: name }
  }

  function call(name: string): Formula {
    const known = formulaFunctions.find((one) => one === name.toLowerCase())
    if (!known) throw new SyntaxError(`no function ${name}; there are ${formulaFunctions.join(', ')}`)
    take('(')
    const args = [sum()]
    while (symbol() === ',') {
      at++
      args.push(sum())
    }
    take(')')
    return { call: known, args }
  }

  const formula = sum()
  if (at < tokens.length) throw new SyntaxError(`nothing more expected${where()}`)
  return formula
}
