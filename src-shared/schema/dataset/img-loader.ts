import { component } from '../component.ts'
import { imageFields } from './image-fields.ts'
import { checkImages, imageApplies, imageDerive } from './image-rules.ts'

/** Image classification alone. */
export const imgLoader = component({
  kind: 'dataset',
  fn: 'img_loader',
  version: 1,
  title: 'Images',
  help: 'Images with class labels, with augmentation, noise and robustness tests.',
  fields: imageFields,
  tasks: () => ['img_classification'],
  derive: imageDerive,
  applies: imageApplies,
  check: checkImages,
})
