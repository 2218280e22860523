import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Grads, Model, ParamMap, Route, TaskName } from '../../types.ts'

/** Where training stands when a hook is asked. */
export interface Moment {
  /** From 1. */
  readonly epoch: number
  /** Batch of the epoch, from 0. */
  readonly batch: number
  readonly task: TaskName
  /** A stream of its own for this hook, epoch and batch. */
  readonly rng: Rng
}

/** What a hook may do to the network between batches. Values are given, not handed over: `assign` copies. */
export interface Workbench {
  readonly model: Model
  readonly params: ParamMap
  assign(name: string, value: Tensor): void
  /** Fresh initial values of these parameters from a stream. */
  reinitialise(names: readonly string[], rng: Rng): void
  /** The value a parameter had before the first step. The caller disposes it. */
  initial(name: string): Tensor
  clearOptimizer(): void
}

/** What hooks tell later ones about the inputs of a batch. */
export interface InputNotes {
  /** [examples] noise level each image got; 0 is clean. */
  noise?: Float32Array
  /** Row k behind the examples is a second view of example pairs[k]. */
  pairs?: Int32Array
}

/** Seen inside the gradient: the forward pass of one batch. */
export interface Seen {
  readonly inputs: Tensor4D
  /** Examples that have a target; further rows of `inputs` are second views. */
  readonly examples: number
  readonly output: Tensor2D
  readonly representations: ReadonlyMap<string, Tensor>
  readonly model: Model
  readonly params: ParamMap
  readonly route: Route
  readonly notes: Readonly<InputNotes>
}

/** Text of a log line and, where a chart should show it, a mark. */
export interface Note {
  readonly text: string
  readonly mark?: 'reset' | 'prune'
}

/**
 * What joins the main loop (a "main loop module" of nntransfer). Every part is optional, none keeps state between batches: what must last is in
 * the parameters, so a checkpoint needs nothing of a hook.
 */
export interface Hook {
  readonly name: string
  /** Layers whose output the hook wants in `representations`. */
  readonly capture?: readonly string[]
  beforeEpoch?(moment: Moment, bench: Workbench): Note | null | Promise<Note | null>
  beforeBatch?(moment: Moment, bench: Workbench): Note | null
  /** Another view of the inputs; the result is new, the argument stays the caller's. */
  inputs?(inputs: Tensor4D, moment: Moment, notes: InputNotes): Tensor4D
  /** The same for classification images in validation; `rng` is the same in every evaluation. */
  validationInputs?(inputs: Tensor4D, rng: Rng): Tensor4D
  /** A further loss, inside the gradient. */
  loss?(seen: Seen): Scalar | null
  /** Numbers of the batch that are only reported, by metric. */
  watch?(seen: Seen): ReadonlyMap<string, Scalar>
  /** Numbers of the parameters that are reported with the curves, by metric. */
  report?(params: ParamMap): Promise<Readonly<Record<string, number>>>
  /** Gradients to use instead; replaced tensors are disposed by the hook. */
  gradients?(grads: Grads, params: ParamMap): Grads
  /** Frees what the hook holds for the whole run. */
  dispose?(): void
}
