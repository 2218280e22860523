import type { ClassificationCnnConfig } from '../../../../src-shared/schema/model/classification-cnn.ts'
import type { Model } from '../../types.ts'
import { classificationCnn } from '../networks/classification-cnn.ts'
import type { ModelShapes } from '../base/shape.ts'
import { vggBackbone } from '../vgg/layout.ts'
import { classesOf, imageShape } from './data-shapes.ts'

/** The VGG classifier of a config, for the images and classes of the data. */
export function buildClassificationCnn(c: ClassificationCnnConfig, shapes: ModelShapes): Model {
  return classificationCnn({
    backbone: vggBackbone(c.type, c.width),
    head: { kind: c.readout_type, hidden: c.readout_hidden, dropout: c.readout_dropout },
    avgPool: c.avg_pool,
    classes: classesOf(c.num_classes, shapes),
    input: imageShape(c.input_size, shapes),
    aliases: c.get_intermediate_rep,
  })
}
