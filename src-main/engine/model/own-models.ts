import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, scalar } from '@tensorflow/tfjs-core'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { OwnTensor } from '../../../src-shared/schema/plugin/own-network.ts'
import { ownNetwork } from '../../../src-shared/schema/plugin/own-network.ts'
import { drawn, PLUGIN_OPERATIONS } from '../tensor/index.ts'
import type {
  ForwardContext,
  Init,
  LayerRow,
  Model,
  ModelOutput,
  OwnCode,
  ParamMap,
  ParamSpec,
  Route,
} from '../types.ts'
import { valueOf } from './base/param-spec.ts'
import type { ModelShapes } from './base/shape.ts'
import { elements } from './base/shape.ts'

/** Where a plug-in's model is asked something. */
interface OwnPlace {
  /** The current value of a tensor that the model has declared. */
  readonly value: (name: string) => Tensor
  readonly task: Route['task']
  /** Recording session of the readout; null for classification. */
  readonly session: string | null
}

/** One pass forward. */
interface OwnPass extends OwnPlace {
  /** [batch, height, width, channels], normalised. */
  readonly inputs: Tensor4D
  readonly training: boolean
  /** Uniform numbers in [0, 1) of this step, from a stream of this name. */
  readonly uniform: (name: string, shape: readonly number[]) => Tensor
}

/** What the builder of a plug-in gives, once its tensors are checked. */
interface OwnNetwork {
  readonly tensors: readonly OwnTensor[]
  readonly apply: (pass: OwnPass) => unknown
  readonly penalty?: ((place: OwnPlace) => Scalar) | undefined
}

const models = new Map<string, OwnCode>()

/** From now on this process can build the model. */
export const useOwnModel = (code: OwnCode): void => void models.set(code.fn, code)

export const ownModelCode = (fn: string): OwnCode | undefined => models.get(fn)

/** The model of a plug-in: what it declares is checked, and each of its outputs. @throws CotrainError naming the plug-in */
export function buildOwnModel(
  { fn, build, guard }: OwnCode,
  options: PlainConfig,
  shapes: ModelShapes,
): Model {
  const make = build as (o: PlainConfig, data: ModelShapes, ops: typeof PLUGIN_OPERATIONS) => unknown
  const made = guard(
    `building ${fn}`,
    () =>
      ownNetwork.parse(
        make(structuredClone(options), structuredClone(shapes), PLUGIN_OPERATIONS),
      ) as OwnNetwork,
  )
  const names = new Set(made.tensors.map(({ name }) => name))
  guard(`building ${fn}`, () => {
    if (names.size !== made.tensors.length) throw new Error('two tensors have one name')
  })
  const place = (params: ParamMap, route: Route): OwnPlace => ({
    value: (name) => {
      if (names.has(name)) return valueOf(params, name)
      throw new Error(`the model has declared no tensor "${name}"; it has ${[...names].join(', ')}`)
    },
    task: route.task,
    session: route.task === 'img_classification' ? null : route.session,
  })
  const specs = made.tensors.map(specOf)
  return {
    specs,
    layers: rowsOf(specs),
    ranges: new Map(),
    apply: (params, inputs, route, context): ModelOutput => {
      const columns = columnsOf(shapes, route)
      const output = guard(`a step of ${fn}`, () =>
        checked(
          made.apply({ ...place(params, route), ...passOf(inputs, context) }),
          inputs.shape[0],
          columns,
        ),
      )
      return { output, representations: new Map() }
    },
    penalty: (params, route) =>
      guard(`the penalty of ${fn}`, () => {
        const term = made.penalty?.(place(params, route))
        return term === undefined ? scalar(0) : add(scalar(0), term)
      }),
  }
}

const passOf = (inputs: Tensor4D, { training, rng }: ForwardContext) => ({
  inputs,
  training,
  uniform: (name: string, shape: readonly number[]) =>
    drawn(rng, {
      purpose: `plug-in ${name}`,
      shape,
      fill: (stream, count) => Float32Array.from({ length: count }, () => stream.uniform()),
    }),
})

/** Units of a session, or classes. */
function columnsOf({ sessions, classes }: ModelShapes, route: Route): number {
  if (route.task === 'img_classification') return classes ?? 0
  return sessions.find(({ area, key }) => area === route.task && key === route.session)?.units ?? 0
}

function checked(output: unknown, rows: number, columns: number): Tensor2D {
  const { shape, dtype } = (output ?? {}) as Partial<Tensor>
  if (shape?.join() === `${rows},${columns}` && dtype === 'float32') return output as Tensor2D
  const came = shape === undefined ? 'no tensor' : `${dtype} [${shape.join(', ')}]`
  throw new Error(
    `apply has to give float32 [${rows}, ${columns}], batch by units or classes; it gave ${came}`,
  )
}

const blockOf = (name: string): string => name.slice(0, name.indexOf('.'))

function specOf({ name, shape, init }: OwnTensor): ParamSpec {
  const torch = { name, layout: { kind: 'same' as const } }
  const role = shape.length === 1 ? 'bias' : 'weight'
  return {
    name,
    shape,
    init: initOf(init),
    kind: 'parameter',
    role,
    block: blockOf(name),
    frozen: false,
    torch,
  }
}

function initOf(init: OwnTensor['init']): Init {
  if ('constant' in init) return { kind: 'constant', value: init.constant }
  if ('normal' in init) return { kind: 'normal', std: init.normal }
  return { kind: 'uniform', low: -init.uniform, high: init.uniform }
}

/** A row for each block: what a plug-in computes in between is not known. */
function rowsOf(specs: readonly ParamSpec[]): readonly LayerRow[] {
  const blocks = [...new Set(specs.map(({ block }) => block))]
  return blocks.map((block) => ({
    name: block,
    kind: 'plug-in',
    block,
    outputShape: [],
    parameters: specs.filter((s) => s.block === block).reduce((sum, s) => sum + elements(s.shape), 0),
    activationBytes: 0,
    multiplyAdds: 0,
  }))
}
