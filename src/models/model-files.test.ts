import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { compileModel } from './compile-model.ts'
import { type ExpressionReader, openExpressionReader } from './expression.ts'
import { parseFormula } from './formula.ts'
import { modelFileSchema } from './model-schema.ts'
import { readModel } from './read-model.ts'

let reader: ExpressionReader
before(async () => {
  reader = await openExpressionReader()
})
after(() => reader.close())

const good = `version: 1
name: sales
label: Sales
facts: sales
tables:
  - { name: sales, files: sales.csv }
  - { name: shops, files: shops.csv }
relationships:
  - { name: shop, from: sales, to: shops, from_columns: [shop_id], to_columns: [id] }
time: { column: day }
dimensions:
  - { name: city, label: City, expr: shop.city }
metrics:
  - { name: total, label: Total, agg: sum, expr: amount }
  - { name: count, label: Count, agg: count }
  - { name: mean, label: Mean, expr: total / count }
`

/** What is wrong with a model file, as `line: message`. */
async function faultsOf(text: string): Promise<string[]> {
  const read = readModel('sales.yml', text)
  const faults = 'faults' in read ? read.faults : null
  if (faults) return faults.map(({ line, message }) => `${line}: ${message}`)
  const compiled = 'model' in read ? await compileModel(read.model, reader, { timeZone: 'UTC' }) : null
  assert.ok(compiled)
  return 'faults' in compiled ? compiled.faults.map(({ line, message }) => `${line}: ${message}`) : []
}

test('a good file has no faults', async () => {
  assert.deepEqual(await faultsOf(good), [])
})

const mistakes: Record<string, { from: string; to: string; says: RegExp }> = {
  'not YAML': { from: 'label: Sales', to: 'label: [Sales', says: /^(3|4): / },
  'a key that is not known': { from: 'label: Sales', to: 'lable: Sales', says: /^3: lable is not known here|label is missing/ },
  'a missing member': { from: ', agg: sum, expr: amount', to: '', says: /^14: a metric needs agg, or an expr/ },
  'a wrong name': { from: 'name: sales\n', to: 'name: Sales!\n', says: /^2: name: use lower-case/ },
  'a table that is not there': { from: 'facts: sales', to: 'facts: sale', says: /^4: there is no table sale; tables are sales, shops/ },
  'a name used twice': { from: 'name: count', to: 'name: total', says: /^15: total is used twice/ },
  'a relation that is not there': { from: 'expr: shop.city', to: 'expr: shops.city', says: /^12: expr: shops.city is not a column.*relationships are shop/ },
  'a function that is not listed': { from: 'expr: amount', to: "expr: getenv('HOME')", says: /^14: expr: the function getenv cannot be used/ },
  'an aggregate in an expression': { from: 'expr: amount', to: 'expr: sum(amount)', says: /^14: expr: .*say which aggregate with agg/ },
  'a subquery': { from: 'expr: amount', to: 'expr: (select 1)', says: /^14: expr: subquer/ },
  'more than an expression': { from: 'expr: amount', to: '"expr": "amount) from t; drop table t --"', says: /^14: expr: / },
  'a formula over columns': { from: 'total / count', to: 'amount / count', says: /^16: there is no metric amount/ },
  'a formula that needs itself': { from: 'total / count', to: 'mean / count', says: /^16: mean depends on itself/ },
  'a formula that ends early': { from: 'total / count', to: 'total / (count', says: /^16: expr: \) expected at the end/ },
  'once without a spread': { from: 'agg: count }', to: 'agg: count, once: answer }', says: /^15: once has a meaning only where time has spread/ },
  'a zone that is not there': { from: 'column: day', to: 'column: day, zone: Mars/Base', says: /^10: Mars\/Base is not a time zone/ },
  'files without a format': { from: 'files: sales.csv', to: 'files: sales.dat', says: /^6: the ending tells no format/ },
  'SQL that reads a file': { from: 'files: shops.csv', to: 'sql: "select * from read_csv(\'x\')"', says: /^7: sql: the table function read_csv cannot be used/ },
  'SQL that changes something': { from: 'files: shops.csv', to: 'sql: "delete from sales"', says: /^7: sql: Only SELECT/ },
  'SQL over what is not above it': { from: 'files: shops.csv', to: 'sql: "select * from people"', says: /^7: sql reads people, which is not a table above/ },
  'an import that is not there': { from: 'files: shops.csv', to: 'import: nothing', says: /^7: there is no imported table nothing/ },
} // biome-ignore format: a table

for (const [name, { from, to, says }] of Object.entries(mistakes))
  test(`a fault is told with its line and a remedy: ${name}`, async () => {
    assert.ok(good.includes(from))
    const faults = await faultsOf(good.replace(from, to))
    assert.ok(
      faults.some((fault) => says.test(fault)),
      faults.join('\n') || 'no fault was found',
    )
  })

test('everything that is wrong is told at once', async () => {
  const wrong = good.replace('shop.city', 'x.y').replace('total / count', 'a / b').replace('to: shops', 'to: stores')
  const lines = (await faultsOf(wrong)).map((fault) => Number.parseInt(fault, 10))
  assert.deepEqual(lines, [9, 12, 16, 16])
})

test('expressions are written back with every column qualified', async () => {
  const rules = { facts: 'sales', relations: ['shop'], periods: true }
  const read = async (text: string) => (await reader.read(text, rules)).sql
  assert.equal(await read('sales.amount + amount'), '(f.amount + f.amount)')
  assert.equal(await read(`coalesce(shop."odd ""name", 'it''s')`), `COALESCE(shop."odd ""name", 'it''s')`)
  assert.equal(await read('period(day) = period(other)'), '(f."period$day" = f."period$other")')
  assert.equal(
    await read('case when a is null then 1.5 else -2 end -- why'),
    'CASE  WHEN ((f.a IS NULL)) THEN (1.5) ELSE -2 END',
  )
  await assert.rejects(read('period(shop.day)'), /period takes a column of the facts/)
  await assert.rejects(read('9007199254740993'), /2\^53/)
})

test('formulas bind as in arithmetic', () => {
  const value = (text: string): number => {
    const compute = (f: ReturnType<typeof parseFormula>): number => {
      if ('number' in f) return f.number
      if ('metric' in f) return { a: 12, b: 3, c: 4 }[f.metric] ?? 0
      if ('call' in f) return Math.max(...f.args.map(compute))
      const [l, r] = [compute(f.left), compute(f.right)]
      return f.op === '+' ? l + r : f.op === '-' ? l - r : f.op === '*' ? l * r : l / r
    }
    return compute(parseFormula(text))
  }
  assert.equal(value('a - b - c'), 5)
  assert.equal(value('a / b / c'), 1)
  assert.equal(value('a + b * -c'), 0)
  assert.equal(value('2 * (a - greatest(b, c, 1.5))'), 16)
  for (const text of ['', 'a b', 'a +', '(a', 'f(a)', 'a; b', '1..2', 'a)'])
    assert.throws(() => parseFormula(text), SyntaxError, text)
})

test('the published JSON Schema is current (npm run schema)', async () => {
  const file = path.resolve(import.meta.dirname, '../../docs/reference/model.schema.json')
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), JSON.parse(JSON.stringify(modelFileSchema())))
})
