import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { NeuralSet, ParamSpec } from '../../types.ts'
import type { Layer } from '../layers/layer.ts'
import { normLayer } from '../layers/norm.ts'
import { reluLayer } from '../layers/pointwise.ts'
import type { MtlOptions } from './mtl-options.ts'
import type { Place } from '../base/param-spec.ts'
import { within } from '../base/param-spec.ts'
import { gaussian2d } from '../readouts/gaussian2d.ts'
import type { Readout } from '../readouts/readout.ts'
import type { ModelShapes, SessionShape, Shape3 } from '../base/shape.ts'
import { startingBias } from '../base/starting-bias.ts'
import { classificationHead } from '../vgg/classification-head.ts'
import { vggBlock } from '../vgg/features.ts'
import type { VggModule } from '../vgg/layout.ts'
import { vggModules } from '../vgg/layout.ts'
import { AREAS } from '../../../../src-shared/schema/names.ts'

interface SharedBlock {
  readonly layers: readonly Layer[]
  /** Batch norm and ReLU on the way to the readouts only. */
  readonly extra: readonly Layer[]
}

/** The pieces of the shared network, in the published order of construction. */
export interface MtlParts {
  readonly v1: SharedBlock
  readonly v4: SharedBlock
  readonly unshared: readonly Layer[]
  readonly head: readonly Layer[]
  readonly classes: number
  /** By `area/session`. */
  readonly readouts: ReadonlyMap<string, Readout>
  readonly specs: readonly ParamSpec[]
}

const CORE = 'mtl_vgg_core'
const COLOUR_CHANNELS = 3

/** The blocks of the shared network: V1 and V4 one behind the other, the unshared rest, and what reads each of them. */
export function mtlParts(o: MtlOptions, shapes: ModelShapes): MtlParts {
  const modules = vggModules(o.backbone)
  const cut = cuts(o, modules.length)
  const first = inputOf(shapes)
  const v1 = sharedBlock('v1', modules.slice(0, cut.v1), first, o)
  const v4 = sharedBlock('v4', modules.slice(cut.v1, Math.max(cut.v1, cut.v4)), endOf(v1.layers, first), o)
  const shared = endOf(v4.layers, endOf(v1.layers, first))
  const unshared =
    o.classification === null
      ? []
      : vggBlock({
          modules: modules.slice(Math.max(cut.v1, cut.v4)),
          input: shared,
          place: blockPlace('unshared_block'),
          dropout: o.dropout.unshared,
        })
  const head = headOf(o, endOf(unshared, shared))
  const readouts = readoutsOf(o, shapes, {
    v1: o.v1Layer > 0 ? endOf(v1.layers, first) : null,
    v4: o.v4Layer > 0 ? shared : null,
  })
  const layers = [...v1.layers, ...v4.layers, ...v1.extra, ...v4.extra, ...unshared]
  return {
    v1,
    v4,
    unshared,
    head,
    classes: o.classes,
    readouts,
    specs: [
      ...layers.flatMap((l) => l.specs),
      ...[...readouts.values()].flatMap((r) => r.specs),
      ...head.flatMap((l) => l.specs),
    ],
  }
}

function cuts(o: MtlOptions, count: number): { readonly v1: number; readonly v4: number } {
  const v1 = Math.max(0, o.v1Layer)
  const v4 = Math.max(0, o.v4Layer)
  const wrong = (path: string, message: string, hint: string) =>
    new CotrainError({ code: 'config-invalid', path: `model.config.${path}`, message, hint })
  if (v1 > count)
    throw wrong('v1_model_layer', `expected at most ${count}, got ${v1}.`, 'The network has no more modules.')
  if (v4 > count)
    throw wrong('v4_model_layer', `expected at most ${count}, got ${v4}.`, 'The network has no more modules.')
  if (v1 > 0 && v4 > 0 && v4 <= v1) {
    throw wrong(
      'v4_model_layer',
      `expected more than v1_model_layer (${v1}), got ${v4}.`,
      'V4 reads a later layer than V1.',
    )
  }
  return { v1, v4 }
}

/** Spatial size of the input: that of classification where it is trained, else that of the first neural area. */
function inputOf(shapes: ModelShapes): Shape3 {
  const input = shapes.inputs.img_classification ?? shapes.inputs.v1 ?? shapes.inputs.v4
  if (input === undefined) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'model',
      message: 'the model got no image size: the data set has neither images with labels nor a session.',
      hint: 'Give the dataset section at least one image set or session.',
    })
  }
  return { ...input, channels: COLOUR_CHANNELS }
}

const endOf = (layers: readonly Layer[], input: Shape3): Shape3 => layers.at(-1)?.output ?? input

const blockPlace = (block: string, frozen = false): Place => ({
  name: `${CORE}.${block}`,
  torch: `${CORE}.${block}`,
  block,
  frozen,
})

function sharedBlock(
  area: NeuralSet,
  modules: readonly VggModule[],
  input: Shape3,
  o: MtlOptions,
): SharedBlock {
  const place = blockPlace(`${area}_block`, !o.fineTune)
  const layers = vggBlock({ modules, input, place, dropout: o.dropout.shared })
  if (!o.finalBatchNorm || layers.length === 0) return { layers, extra: [] }
  const extra = within({ ...blockPlace(`${area}_extra`), name: CORE, torch: CORE }, `${area}_extra`)
  const output = endOf(layers, input)
  return {
    layers,
    extra: [
      normLayer(within(extra, 'OutBatchNorm'), { input: output }),
      reluLayer(within(extra, 'OutNonlin'), output),
    ],
  }
}

function headOf(o: MtlOptions, input: Shape3): readonly Layer[] {
  if (o.classification === null) return []
  const name = 'classification_readout'
  return classificationHead({
    ...o.classification,
    input,
    classes: o.classes,
    place: { name, torch: name, block: name },
  })
}

function readoutsOf(
  o: MtlOptions,
  shapes: ModelShapes,
  maps: Readonly<Record<NeuralSet, Shape3 | null>>,
): ReadonlyMap<string, Readout> {
  const make = (session: SessionShape, own: Shape3): Readout => {
    const name = `${session.area}_readout.${session.key}`
    const stream = session.stream === undefined ? {} : { stream: `${session.area}_readout.${session.stream}` }
    return gaussian2d(
      {
        place: { name, torch: name, block: `${session.area}_readout`, ...stream },
        input: own,
        units: session.units,
        ...startingBias(session, o.biasInit),
      },
      {
        initMuRange: o.initMuRange,
        initSigmaRange: o.initSigmaRange,
        bias: o.readoutBias,
        gamma: o.gammaReadout,
      },
    )
  }
  const areas: readonly NeuralSet[] = AREAS
  return new Map(
    areas.flatMap((area) => {
      const map = maps[area]
      const sessions = shapes.sessions.filter((s) => s.area === area)
      return map === null ? [] : sessions.map((s) => [`${area}/${s.key}`, make(s, map)] as const)
    }),
  )
}
