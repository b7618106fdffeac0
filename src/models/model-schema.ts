import { z } from 'zod'
import { ModelFile } from './model-file.ts'

/** The JSON Schema of model files as people write them: published, so that editors complete and check. */
export const modelFileSchema = (): Record<string, unknown> => z.toJSONSchema(ModelFile, { io: 'input' })
