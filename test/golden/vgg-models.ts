import type { PlainConfig } from '../../src-shared/schema/component.ts'
import { parseComponent } from '../../src-shared/schema/component.ts'
import { findComponent } from '../../src-shared/schema/registry.ts'
import type { Model } from '../../src-main/engine/types.ts'
import type { ModelShapes, SessionShape } from '../../src-main/engine/model/index.ts'
import { buildModel } from '../../src-main/engine/model/index.ts'

export interface PublishedModel {
  readonly options: PlainConfig
  /** Session -> units, the same sessions for every area. */
  readonly sessions?: Readonly<Record<string, number>>
}

/** Options of the published classes that describe the data or mean nothing to a model without loaders. */
const INFORMATIVE = [
  'neural_input_channels',
  'classification_input_channels',
  'input_channels',
  'dropout',
  'comment',
  'fn',
]

/** Builds one of our models from published options. */
export function publishedModel(described: PublishedModel, firstBatchMeans: SessionMeans = () => ({})): Model {
  const options = Object.fromEntries(
    Object.entries(described.options).filter(([key]) => !INFORMATIVE.includes(key)),
  )
  const fn = 'vgg_type' in options ? 'mtl_builder' : 'classification_cnn_builder'
  const neural = fn === 'mtl_builder' ? { bias_init: 'first_batch' } : {}
  const known = findComponent('model', fn)
  if (known === undefined) throw new Error(`no model ${fn}`)
  const config = withoutUnused({ ...options, ...neural })
  const parsed = parseComponent(known, config, fn)
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; '))
  return buildModel(fn, parsed.value, shapesOf(described, firstBatchMeans))
}

export type SessionMeans = (area: 'v1' | 'v4', session: string) => Partial<SessionShape>

/** The published classes ignore options of parts that are not built; ours refuse them. */
function withoutUnused(config: PlainConfig): PlainConfig {
  const { classification, v1_readout_bias } = config
  const unused = [
    ...(classification === false ? ['classification_readout_type', 'num_classes'] : []),
    ...(v1_readout_bias === false ? ['bias_init'] : []),
  ]
  return Object.fromEntries(Object.entries(config).filter(([key]) => !unused.includes(key)))
}

function shapesOf({ options, sessions = {} }: PublishedModel, means: SessionMeans): ModelShapes {
  const size = Number(options['input_size'])
  const areas = (['v1', 'v4'] as const).filter((area) => Number(options[`${area}_model_layer`]) > 0)
  return {
    inputs: {
      img_classification: { height: size, width: size, channels: 3 },
      v1: { height: size, width: size, channels: 1 },
    },
    sessions: areas.flatMap((area) =>
      Object.entries(sessions).map(([key, units]) => ({ area, key, units, ...means(area, key) })),
    ),
    classes: null,
  }
}
