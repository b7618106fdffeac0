import type { CheckedExpression, ExpressionReader, ExpressionRules } from './expression.ts'
import type { ModelFile } from './model-file.ts'
import type { ModelFault, Path, ReadModel } from './read-model.ts'

/** A model file on its way through the compiler, and what was found wrong with it. */
export interface Compiling {
  readonly model: ReadModel
  readonly content: ModelFile
  readonly reader: ExpressionReader
  readonly rules: ExpressionRules
  readonly faults: ModelFault[]
  wrong(path: Path, message: string): null
  /** Null when it is faulty, which is then noted. */
  expression(path: Path, text: string, rules?: Partial<ExpressionRules>): Promise<CheckedExpression | null>
}

/** Stands where an expression was faulty. */
export const nothing: CheckedExpression = { sql: 'null', columns: [], relations: [] }
