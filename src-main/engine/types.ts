import type { TrainerChoice } from '../../src-shared/schema/registry.ts'
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Divergence, UntrainedTask } from '../../src-shared/contract/run-end.ts'
import type { Area, TaskName } from '../../src-shared/schema/names.ts'
import type { Rng } from '../../src-shared/util/rng.ts'

/**
 * The engine on one page: data -> model -> loss -> cycler -> trainer -> evaluation.
 * Layout is NHWC, convolution kernels are [height, width, in, out], dense kernels [in, out].
 */

export type NeuralSet = Area
export type { TaskName }
/** Which readout answers: the classification head, or one session's readout of an area. */
export type Route =
  { readonly task: 'img_classification' } | { readonly task: NeuralSet; readonly session: string }

// ---------------------------------------------------------------- data

/** What the numbers of a set of images mean; decided once, when the set is opened, from the stored type and all pixels. */
export interface PixelType {
  /** How pixels are held. */
  readonly element: 'uint8' | 'float32'
  readonly black: number
  readonly white: number
  /** Element type of the file: bool, uint8, uint16, float32, ... */
  readonly stored: string
  /** How white is known: by the type, by a statement of the user, or by the values. */
  readonly whiteFrom: 'type' | 'stated' | 'measured'
}

/** Decoded images addressed by index, NHWC. */
export interface ImageSource {
  readonly length: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly pixels: PixelType
  /**
   * Writes the chosen images one behind the other; `out` has length indices.length * height * width * channels. Floats get
   * the values as they are, bytes the grey levels 0 (black) to 255 (white).
   */
  read(indices: ArrayLike<number>, out: Float32Array | Uint8Array): Promise<void> | void
}

/** Images with class labels. */
export interface LabelledImages {
  readonly images: ImageSource
  readonly labels: Int32Array
  readonly classNames: readonly string[]
}

/** One recording session: trials x units, each trial naming its image. */
export interface NeuralSession {
  readonly key: string
  /** Names its random streams, so that what a session is called changes no number; the key where there is none. */
  readonly stream?: string
  readonly area: NeuralSet
  readonly images: ImageSource
  readonly units: readonly string[]
  /** [trials, units] row-major; NaN = missing. */
  readonly responses: Float32Array
  /** [trials] index into `images`. */
  readonly imageIndex: Int32Array
  /** [trials] 0 train pool (split at load time), 1 train, 2 validation, 3 test, 4 final test. */
  readonly tier: Uint8Array
  /** State of the animal at each trial (pupil size, running speed ...), where it was recorded. */
  readonly behavior?: TrialColumns
  /** Eye position (x, y) at each trial. */
  readonly pupil?: TrialColumns
  /** [units] best possible correlation to average, where the truth is known. */
  readonly repeatCeiling?: Float32Array
  /** [units] best possible single-trial correlation, where the truth is known. */
  readonly singleTrialCeiling?: Float32Array
}

/** Numbers that go with each trial. */
export interface TrialColumns {
  readonly names: readonly string[]
  /** [trials, names] row-major; NaN = missing. */
  readonly values: Float32Array
}

export interface Batch {
  /** [batch, height, width, channels], normalised. With paired views the second view follows the first on the batch axis. */
  readonly inputs: Tensor4D
  /** int32 [batch] labels, or float32 [batch, units] responses. */
  readonly targets: Tensor
  /** Position of each example in its source, for per-image results. */
  readonly index: Int32Array
  /** int32 [batch] classes of the images of a neural batch: both tasks then learn from one pass. */
  readonly labels?: Tensor
  /** float32 [batch, k] behaviour, scaled; where the session has it. */
  readonly behavior?: Tensor2D
  /** float32 [batch, 2] eye positions, scaled; where the session has them. */
  readonly pupil?: Tensor2D
}

/** Batches of one session or image set. The consumer disposes each batch. */
export interface Loader {
  readonly key: string
  /** Names its random streams; the key where there is none. */
  readonly stream?: string
  /** Batches in one pass. */
  readonly batches: number
  /** Examples in one pass: N of the sqrt(N/B) scaling. */
  readonly size: number
  epoch(rng: Rng): AsyncIterable<Batch>
}

/** A neural area has one loader per session, in a fixed order; classification has one. */
export type TaskLoaders = Partial<Record<TaskName, ReadonlyMap<string, Loader>>>

/** All loaders of a run. `conditions` are further classification sets (noise levels, corruptions) keyed by their final-suite mode. */
export interface DataSet {
  readonly train: TaskLoaders
  readonly validation: TaskLoaders
  readonly test: TaskLoaders
  readonly conditions: ReadonlyMap<string, Loader>
  readonly sessions: ReadonlyMap<string, NeuralSession>
  readonly classNames: readonly string[]
  /** How classification images were normalised, (x - mean) / std on the [0, 1] scale: one value, or one for each channel. */
  readonly normalisation?: { readonly mean: readonly number[]; readonly std: readonly number[] }
  /** Seconds the engine has waited for data so far. */
  waited(): number
}

// ---------------------------------------------------------------- model

/** How a tensor of ours is laid out in the published PyTorch state dict. */
export type TorchLayout =
  | { readonly kind: 'same' }
  | { readonly kind: 'conv' } // HWIO <- OIHW
  | { readonly kind: 'depthwise' } // HWC1 <- C1HW
  | { readonly kind: 'dense' } // IO <- OI
  | {
      readonly kind: 'flatten-dense'
      readonly channels: number
      readonly height: number
      readonly width: number
    }
  | { readonly kind: 'reshape'; readonly shape: readonly number[]; readonly perm?: readonly number[] }

export type Init =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly std: number }
  | { readonly kind: 'values'; readonly values: Float32Array }

/** One tensor of a model. `trainable: false` at birth means a buffer (batch-norm statistics) or a frozen block. */
export interface ParamSpec {
  readonly name: string
  /** Names the random stream of its first values; its name where there is none. */
  readonly stream?: string
  readonly shape: readonly number[]
  readonly init: Init
  readonly kind: 'parameter' | 'buffer'
  readonly role: 'weight' | 'bias' | 'norm' | 'position' | 'spread' | 'features' | 'loss-weight' | 'statistic'
  /** Block it belongs to: v1_block, v4_block, unshared_block, core, readout, ... */
  readonly block: string
  readonly frozen: boolean
  readonly torch: {
    readonly name: string
    readonly layout: TorchLayout
    /** Further names of the same tensor there: modules that share a parameter list it once each. */
    readonly aliases?: readonly string[]
  }
}

/** Values by name as the forward pass sees them; borrowed, never disposed by the model. */
export interface ParamMap extends ReadonlyMap<string, Tensor> {
  /** Handle of the variable that holds a value, where the backend has variables. */
  variable?(name: string): number | null
}

/** Everything a forward pass may depend on besides parameters and input. */
export interface ForwardContext {
  readonly training: boolean
  /** Dropout masks and readout positions; fork by layer name. */
  readonly rng: Rng
  /** Layers whose batch norm uses running statistics although training. */
  readonly frozenNorms: ReadonlySet<string>
  /** Takes the batch statistics of a norm layer (kept by the receiver); absent in evaluation. */
  readonly onStatistics?: (buffer: string, batchValue: Tensor, momentum: number) => void
  /** Given standard-normal draws for readout positions [batch, units, 2] (ultra-sparse: [batch, points, 3]), for conformance tests. */
  readonly readoutNoise?: Tensor
  /** In evaluation too, encoders of distributions give the parameters instead of the mean. */
  readonly distribution?: boolean
  /** Names of layers whose output is wanted in `representations`. */
  readonly capture?: ReadonlySet<string>
  /** [batch, 2] gaze shift added to readout positions. */
  readonly shift?: Tensor2D
  /** [batch, k] eye position for models that learn the gaze shift from it. */
  readonly pupil?: Tensor2D
  /** [batch, k] behaviour for modulators. */
  readonly behavior?: Tensor2D
}

export interface ModelOutput {
  /** [batch, classes] logits, or [batch, units] predicted responses. */
  readonly output: Tensor2D
  readonly representations: ReadonlyMap<string, Tensor>
}

/** One row of the layer table. Shapes without batch axis; memory in bytes per image (float32 activations). */
export interface LayerRow {
  readonly name: string
  readonly kind: string
  readonly block: string
  readonly outputShape: readonly number[]
  readonly parameters: number
  readonly activationBytes: number
  readonly multiplyAdds: number
  /** Receptive field in input pixels, where it is defined. */
  readonly receptiveField?: number
}

/** A network as plain functions over named tensors. */
export interface Model {
  readonly specs: readonly ParamSpec[]
  readonly layers: readonly LayerRow[]
  apply(params: ParamMap, inputs: Tensor4D, route: Route, context: ForwardContext): ModelOutput
  /** Both tasks from one pass of the shared core on the same images, where the model can. */
  applyBoth?(
    params: ParamMap,
    inputs: Tensor4D,
    routes: readonly Route[],
    context: ForwardContext,
  ): readonly ModelOutput[]
  /** Regulariser of a route (readout L1, core Laplace ...), unscaled. */
  penalty(params: ParamMap, route: Route): Scalar
  /** Allowed range of a parameter (readout positions in [-1, 1], sigma >= 0), enforced after each step and after loading. */
  readonly ranges: ReadonlyMap<string, readonly [low: number, high: number]>
}

// ---------------------------------------------------------------- training

/** Gradients by name; a name that took no part is absent. */
export type Grads = ReadonlyMap<string, Tensor>

/** Batch loss of one task, mean or sum as configured, before weighing. [] */
export type Loss = (output: Tensor2D, target: Tensor) => Scalar

/** Numbers of a checkpoint or of a result: name -> values with shape. */
export interface NamedArray {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32' | 'uint8'
  readonly data: Float32Array | Int32Array | Uint8Array
}
export type NamedArrays = ReadonlyMap<string, NamedArray>

/** Everything a run needs to go on exactly where it was: arrays (weights, optimizer slots, best weights, loss weights) and plain state. Random streams need none: they fork by epoch and step. */
export interface Checkpoint {
  readonly arrays: NamedArrays
  /** JSON: epoch, step, images, optimizer counters, early-stopping state, cycle position, elapsed seconds. */
  readonly state: Readonly<Record<string, unknown>>
}

export type TrainerEvent =
  | {
      readonly kind: 'progress'
      readonly phase: 'preparing' | 'training' | 'validating' | 'evaluating' | 'saving'
      readonly detail: string
      readonly epoch: number
      readonly epochs: number
      readonly step: number
      readonly stepOfEpoch: number
      readonly stepsPerEpoch: number
      readonly fraction: number
      readonly imagesPerSecond: number | null
      readonly secondsLeft: number | null
      readonly loaderWait: number | null
    }
  | {
      readonly kind: 'metrics'
      readonly step: number
      readonly epoch: number
      readonly images: number
      /** Keys of src-shared/contract/metrics.ts; NaN is allowed here and stored as null. */
      readonly values: Readonly<Record<string, number>>
    }
  | {
      readonly kind: 'mark'
      readonly mark: 'best' | 'restore' | 'lr-decay' | 'resume' | 'checkpoint' | 'reset' | 'prune' | 'stop'
      readonly step: number
      readonly epoch: number
      readonly text: string
    }
  | { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string }
  /** The consumer stores it before it asks for the next event. `best`: the restored weights so far are these. */
  | {
      readonly kind: 'checkpoint'
      readonly checkpoint: Checkpoint
      readonly epoch: number
      readonly score: number
      readonly best: boolean
    }

export interface TrainEnd {
  readonly reason: 'rounds' | 'epochs' | 'non-finite' | 'asked'
  /** Epoch of the weights that were scored; null where none were. */
  readonly scoredEpoch: number | null
  readonly divergence: Divergence | null
  readonly untrained: readonly UntrainedTask[]
}

export interface TrainResult {
  /** Why training ended. `asked`: by request; then the last checkpoint event holds the state and there are no scores. */
  readonly end: TrainEnd
  /** Final scores by metric key. */
  readonly scores: Readonly<Record<string, number>>
  /** Per-neuron and per-class results: `neurons/<area>/<session>/<column>` [units], `confusion` [classes, classes], ... */
  readonly arrays: NamedArrays
  /** Restored best weights by our parameter names (buffers included). */
  readonly weights: NamedArrays
}

export interface TrainerSetup {
  readonly data: DataSet
  readonly model: Model
  /** The trainer with its resolved options. */
  readonly trainer: TrainerChoice
  readonly seed: number
  /** Weights to start from instead of the model's initial values. */
  readonly start: NamedArrays | null
  readonly checkpoint: Checkpoint | null
  /** Read the losses of each batch before it is used (see EpochJob); left out: as suits the device. */
  readonly readEachBatch?: boolean
  /** Milliseconds, monotonic; the engine has no clock of its own. */
  now(): number
  stopRequest(): 'no' | 'now' | 'epoch'
}

/** A trainer of the registry: yields what happens and returns the result. */
export type Train = (setup: TrainerSetup) => AsyncGenerator<TrainerEvent, TrainResult>

// ---------------------------------------------------------------- plug-ins

/** Runs code of a plug-in: what it throws comes back as a problem that names the plug-in and what was done. */
export type Guard = <T>(doing: string, work: () => T) => T

/** What a plug-in exports for one of its parts, and how its code is run. */
export interface OwnCode {
  readonly fn: string
  readonly build: (...given: never[]) => unknown
  readonly guard: Guard
}
