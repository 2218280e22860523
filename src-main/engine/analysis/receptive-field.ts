import type { FieldPlace } from './field-place.ts'
import { placeOf } from './field-place.ts'
import type { GradientComponents } from './gradient-components.ts'
import { gradientComponents } from './gradient-components.ts'
import type { Images, Progress, Responder } from './responder.ts'
import { imageSize, responseGradients } from './responder.ts'

/** What one unit reads of an image. */
export interface UnitField extends GradientComponents {
  /** Gaussian through the energy; its sd are those of the squared field, 0.71 of those of a Gaussian field. null: the unit reads nothing. */
  readonly place: FieldPlace | null
}

/**
 * Receptive field of each unit: its gradient at every image, their mean, and what they have in common. The gradient is that of the
 * network in evaluation mode, so a unit that is silent at every image has none.
 */
export async function receptiveFields(
  responder: Responder,
  images: Images,
  progress: Progress = () => undefined,
): Promise<readonly UnitField[]> {
  const found: UnitField[] = []
  const size = imageSize(responder.shape)
  for (let unit = 0; unit < responder.units; unit++) {
    const unitOf = new Int32Array(images.count).fill(unit)
    const gradients = await responseGradients(responder, images, unitOf, (part) =>
      progress((unit + part) / responder.units),
    )
    const components = gradientComponents(gradients, images.count, size)
    found.push({ ...components, place: placeOf(components.energy, responder.shape) })
  }
  return found
}
