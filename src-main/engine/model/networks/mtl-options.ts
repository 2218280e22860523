import type { Aliases } from '../layers/captures.ts'
import type { Backbone } from '../vgg/layout.ts'

/** Options of the shared network, free of config names. */
export interface MtlOptions {
  readonly backbone: Backbone
  /** Readout of the classification task, null: no such task. */
  readonly classification: {
    readonly kind: 'dense' | 'conv'
    readonly hidden: number
    readonly dropout: number
  } | null
  readonly classes: number
  /** Number of modules of the v1 block; 0 or less: none. */
  readonly v1Layer: number
  /** Number of modules up to the end of the v4 block; 0 or less: none. */
  readonly v4Layer: number
  readonly fineTune: boolean
  readonly initMuRange: number
  readonly initSigmaRange: number
  readonly readoutBias: boolean
  readonly biasInit: 'training_set' | 'first_batch'
  readonly finalBatchNorm: boolean
  readonly gammaReadout: number
  readonly eluOffset: number
  readonly dropout: { readonly shared: number; readonly unshared: number }
  readonly aliases: Aliases
}
