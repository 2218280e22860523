import { effectiveOptions } from '../../src-shared/schema/published/effective-options.ts'
import { findComponent } from '../../src-shared/schema/registry.ts'
import { parseChoice } from '../../src-shared/schema/run-config.ts'
import { plainValue } from '../../src-shared/util/upstream-hash.ts'
import type { Model } from '../../src-main/engine/types.ts'
import type { ModelShapes, SessionShape, Shape3 } from '../../src-main/engine/model/index.ts'
import { buildModel } from '../../src-main/engine/model/index.ts'
import { buildMtlVgg } from '../../src-main/engine/model/assemble/mtl-vgg.ts'
import type { Backbone } from '../../src-main/engine/model/vgg/layout.ts'
import { type PlainOptions, withoutIdle } from './case-options.ts'
import { notComparable } from './golden-case.ts'
import type { Recipe } from './golden-tensors.ts'

/** N x C x H x W */
type Images = Pick<Recipe, 'shape'>

type Units = Readonly<Record<string, number>>

export interface PublishedModel {
  readonly options: PlainOptions
  /** Session -> units, the same sessions for every area, or apart for each area. */
  readonly sessions?: Units | Readonly<Partial<Record<'v1' | 'v4', Units>>>
  /** Images of the case, where it has some: they tell channels and size. */
  readonly inputs?: Readonly<Partial<Record<'neural' | 'classification', Images>>>
}

/** Published builder -> its configuration class, whose defaults stand where a case leaves an option out. */
const CLASSES: Readonly<Record<string, string>> = {
  mtl_builder: 'MTLModelConfig',
  classification_cnn_builder: 'ClassificationModelConfig',
}

export interface BuiltModel {
  readonly model: Model
  readonly notes: readonly string[]
}

/** Builds a model as a run does from a config with these published options; `backbone` stands in for its VGG. */
export function publishedModel(
  described: PublishedModel,
  firstBatchMeans: SessionMeans = () => ({}),
  backbone?: Backbone,
): BuiltModel {
  const { fn, config, notes } = configOf(described.options)
  const known = findComponent('model', fn)
  if (known === undefined) throw new Error(`no model ${fn}`)
  const foreign = Object.keys(config).filter((key) => !(key in known.schema.shape))
  if (foreign.length > 0) notComparable(`no option ${foreign.join(', ')} of ${fn} is known here`)
  const parsed = parseChoice('model', fn, withoutUnused(config), fn)
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => `${p.path}: ${p.message}`).join('; '))
  const shapes = shapesOf(described, config, firstBatchMeans)
  const model =
    backbone !== undefined && parsed.value.fn === 'mtl_builder'
      ? buildMtlVgg(parsed.value.config, shapes, backbone)
      : buildModel(parsed.value, shapes)
  return { model, notes }
}

/** The product's options: those of the case, and published defaults for those that it leaves out. */
function configOf(given: PlainOptions): {
  readonly fn: string
  readonly config: PlainOptions
  readonly notes: readonly string[]
} {
  const stated = String(given['fn'] ?? ('vgg_type' in given ? 'mtl_builder' : 'classification_cnn_builder'))
  const fn = stated.split('.').at(-1) as string // with or without the module in front
  const published = CLASSES[fn] ?? notComparable(`no published model ${fn} is known here`)
  const defaults = plainValue(effectiveOptions(published, [])) as PlainOptions // a dict of options
  const { options, notes } = withoutIdle(given)
  const merged = { ...withoutIdle(defaults).options, ...options }
  return { fn, config: fn === 'mtl_builder' ? { ...merged, bias_init: 'first_batch' } : merged, notes }
}

export type SessionMeans = (area: 'v1' | 'v4', session: string) => Partial<SessionShape>

/** The published classes ignore options of parts that are not built; ours refuse them. */
function withoutUnused(config: PlainOptions): PlainOptions {
  const neural = AREAS.some((area) => Number(config[`${area}_model_layer`]) > 0)
  const unused = [
    ...(config['classification'] === false ? ['classification_readout_type', 'num_classes'] : []),
    ...(neural ? [] : Object.keys(config).filter((key) => /^v1_(?!model_layer)/.test(key))),
    ...(neural && config['v1_readout_bias'] !== false ? [] : ['bias_init']),
  ]
  return Object.fromEntries(Object.entries(config).filter(([key, v]) => !unused.includes(key) && v !== null))
}

const AREAS = ['v1', 'v4'] as const

/** Sessions of an area with their units. */
export const unitsByArea =
  ({ sessions = {} }: PublishedModel) =>
  (area: 'v1' | 'v4'): Units =>
    Object.values(sessions).some((entry) => typeof entry === 'object')
      ? ((sessions as Readonly<Partial<Record<string, Units>>>)[area] ?? {}) // nested by area, as just seen
      : (sessions as Units)

function shapesOf(described: PublishedModel, config: PlainOptions, means: SessionMeans): ModelShapes {
  const { inputs = {} } = described
  const unitsOf = unitsByArea(described)
  const side = Number(config['input_size'])
  const shapeOf = (given: Images | undefined, channels: number): Shape3 => ({
    channels: given?.shape[1] ?? channels,
    height: given?.shape[2] ?? side,
    width: given?.shape[3] ?? side,
  })
  const neural = shapeOf(inputs.neural, 1)
  const areas = AREAS.filter((area) => Number(config[`${area}_model_layer`]) > 0)
  return {
    inputs: {
      ...(config['classification'] === false
        ? {}
        : { img_classification: shapeOf(inputs.classification, 3) }),
      ...Object.fromEntries(areas.map((area) => [area, neural])),
    },
    sessions: areas.flatMap((area) =>
      Object.entries(unitsOf(area)).map(([key, units]) => ({ area, key, units, ...means(area, key) })),
    ),
    classes: null,
  }
}
