import type { InSilicoOptions } from '../../../src-shared/schema/dataset/generator-fields.ts'
import type { NeuralSet } from '../../engine/types.ts'
import type { InSilicoData } from '../../engine/data/in-silico/generate.ts'
import type { CanonicalSet, GroundTruth } from '../../io/canonical/set.ts'
import { memoryImages } from '../../io/images/sources/memory-images.ts'

/** A generated population as the content of a data file. */
export function inSilicoCanonical(
  data: InSilicoData,
  options: InSilicoOptions,
  area: NeuralSet,
): CanonicalSet {
  const { size, images } = data
  const count = images.origin.length
  return {
    name: 'in_silico',
    provenance: { importer: 'in-silico', version: 1, options },
    images: {
      source: memoryImages(images.pixels, { height: size, width: size, channels: 1 }),
      id: Int32Array.from({ length: count }, (_, i) => i),
      ...(images.labels && { label: images.labels, labelNames: images.classNames }),
      origin: Array.from(images.origin, (i) => (i < 0 ? 'synthetic' : String(i))),
    },
    sessions: [
      {
        key: `in_silico_${area}`,
        subject: 'model',
        area: area.toUpperCase(),
        species: 'in silico',
        responseKind: options.noise === 'poisson' ? 'counts' : 'rate',
        trials: { imageId: data.imageIndex, tier: data.tier, repeat: data.repeat },
        units: { id: data.truth.neurons.map((_, i) => String(i)) },
        responses: data.responses,
        bins: 1,
      },
    ],
    groundTruth: groundTruth(data, options),
  }
}

function groundTruth(data: InSilicoData, options: InSilicoOptions): ReadonlyMap<string, GroundTruth> {
  const { neurons, normConst, rates, kernels, singleTrialCeiling, repeatCeiling, imageMean, imageStd } =
    data.truth
  const n = neurons.length
  type Neuron = (typeof neurons)[number]
  const each = (value: (neuron: Neuron) => number): GroundTruth => ({
    shape: [n],
    data: Float64Array.from(neurons, value),
  })
  return new Map<string, GroundTruth>([
    ['x0', each((c) => c.x0)],
    ['y0', each((c) => c.y0)],
    ['theta', each((c) => c.theta)],
    ['f', each((c) => c.frequency)],
    ['phase', each((c) => c.phase)],
    ['sigma_u', each((c) => c.sigmaU)],
    ['sigma_v', each((c) => c.sigmaV)],
    ['is_complex', { shape: [n], data: Uint8Array.from(neurons, (c) => (c.isComplex ? 1 : 0)) }],
    ['p', each((c) => c.exponent)],
    ['sigma_n', each((c) => c.semiSaturation)],
    ['s', each((c) => c.poolSigma)],
    ['m', each((c) => c.meanCount)],
    ['beta', each((c) => c.baseline)],
    ['norm_const', { shape: [n], data: normConst }],
    ['rates', { shape: [rates.length / n, n], data: rates }],
    ...(kernels === null
      ? []
      : [['kernels', { shape: [n, 2, data.size, data.size], data: kernels }] as const]),
    ['single_trial_ceiling', { shape: [n], data: singleTrialCeiling }],
    ['repeat_ceiling', { shape: [n], data: repeatCeiling }],
    ['img_mean', imageMean],
    ['img_std', imageStd],
    ['seed', options.seed],
    ['config', JSON.stringify(options)],
  ])
}
