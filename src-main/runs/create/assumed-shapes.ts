import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Params } from '../../../src-shared/contract/contract.ts'
import type { ModelShapes } from '../../engine/model/index.ts'

/** What a person says about data that are not there, to look at a model without them. */
export type AssumedData = NonNullable<Params<'config.modelCard'>['assume']>

/** Shapes of the assumed data. @throws CotrainError when there is nothing to build a model for. */
export function assumedShapes({ size, channels, classes, sessions }: AssumedData): ModelShapes {
  if (classes === null && sessions.length === 0) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'assume',
      message: 'neither classes nor sessions are given.',
      hint: 'Give --classes, or --session area/key=units.',
    })
  }
  const image = { height: size, width: size, channels }
  return {
    inputs: { v1: image, v4: image, ...(classes === null ? {} : { img_classification: image }) },
    sessions,
    classes,
  }
}
