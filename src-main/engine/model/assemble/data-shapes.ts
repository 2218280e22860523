import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { ModelShapes, Shape3 } from '../base/shape.ts'

const wrong = (path: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'config-invalid', path: `model.config.${path}`, message, hint })

/** Number of outputs: as configured, at least as many as the data has classes; else that of the data. */
export function classesOf(configured: number | null, shapes: ModelShapes): number {
  const found = shapes.classes
  if (configured === null && found === null) {
    throw wrong(
      'num_classes',
      'the data set has no class labels to count.',
      'Set num_classes, or choose a data set with labels.',
    )
  }
  if (configured !== null && found !== null && configured < found) {
    throw wrong(
      'num_classes',
      `expected at least ${found} (classes of the data set), got ${configured}.`,
      'Leave it empty.',
    )
  }
  return configured ?? found!
}

/** Shape of the classification images; a configured side must agree with the data. */
export function imageShape(configured: number | null, shapes: ModelShapes): Shape3 {
  const found = shapes.inputs.img_classification
  if (found === undefined) {
    if (configured === null) {
      throw wrong('input_size', 'the data set has no labelled images to measure.', 'Set input_size.')
    }
    return { height: configured, width: configured, channels: 3 }
  }
  if (configured !== null && (configured !== found.height || configured !== found.width)) {
    throw wrong(
      'input_size',
      `the images of the data set are ${found.height} x ${found.width}, the model expects ${configured}.`,
      'Make both the same, or leave input_size empty.',
    )
  }
  return found
}
