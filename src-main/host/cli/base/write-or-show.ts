import { writeFile } from 'node:fs/promises'
import type { z } from 'zod'
import type { file } from '../../../../src-shared/contract/calls/method.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Output } from './output.ts'

/** Writes a file to `out`, or shows its text in the terminal. @throws CotrainError `config-invalid` for bytes without a place */
export async function writeOrShow(
  output: Output,
  made: z.infer<typeof file>,
  out: string | undefined,
): Promise<void> {
  if (out !== undefined) {
    await writeFile(out, made.isBase64 ? Buffer.from(made.text, 'base64') : made.text)
    return output.result({ file: out }, () => `Written to ${out}.`)
  }
  if (made.isBase64)
    throw new CotrainError({
      code: 'config-invalid',
      path: '--out',
      message: 'Parquet is no text for a terminal.',
      hint: `Add --out ${made.name}.`,
    })
  output.result(made, () => made.text.trimEnd())
}
