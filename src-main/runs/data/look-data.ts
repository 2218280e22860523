import { resolve } from 'node:path'
import type { Result } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { AddRequest } from './add-data.ts'
import { importJobOf } from './add-data.ts'
import type { DataDeps } from './data-deps.ts'
import { describeResponses } from './describe-responses.ts'
import { detectFormat } from './inspect-data.ts'
import { withData } from './neuron-data.ts'
import { prepareImport } from './prepared-import.ts'
import { responsePreview } from './preview-data.ts'

/** Pictures that a look shows. */
const SHOWN = 12

/** Reads a recording as adding it would and says what it became; nothing is added. @throws CotrainError as the importer does. */
export async function lookAtData(request: AddRequest, deps: DataDeps): Promise<Result<'data.look'>> {
  const path = resolve(deps.folder, request.path)
  const format = await detectFormat(path)
  if (format.kind === 'images')
    throw new CotrainError({
      code: 'not-allowed',
      path,
      message: 'pictures with classes are looked at after they are added.',
      hint: 'Add them; they stay where they are, and the set can be removed again.',
    })
  const file =
    format.kind === 'canonical'
      ? path
      : await prepareImport(importJobOf(path, format.importer, request), deps)
  return withData(file, async (opened) => {
    const { summary, sessions = [], choices = [], findings, account } = await describeResponses(opened)
    const preview = await responsePreview(opened, { id: '', images: SHOWN, order: 'spread', from: 0 })
    const { images, responseHistogram } = preview
    return {
      summary,
      choices: [...choices],
      sessions,
      findings: [...findings],
      account,
      images,
      responseHistogram,
    }
  })
}
