import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, div, matMul, mul, relu, reshape, square, sub, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { generatorDefaults } from '../../src-shared/schema/dataset/generator-fields.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import type { Images, Responder } from '../../src-main/engine/analysis/responder.ts'
import type { Patch } from '../../src-main/engine/data/in-silico/gabor.ts'
import { placePatch } from '../../src-main/engine/data/in-silico/gabor.ts'
import { shownImages } from '../../src-main/engine/data/in-silico/images/shown-images.ts'
import type { Neuron } from '../../src-main/engine/data/in-silico/population.ts'
import { drawNeuron } from '../../src-main/engine/data/in-silico/population.ts'
import { standardOf } from '../../src-main/engine/data/in-silico/rates.ts'
import type { ReceptiveField } from '../../src-main/engine/data/in-silico/receptive-field.ts'
import { receptiveField } from '../../src-main/engine/data/in-silico/receptive-field.ts'

/** The simulated neurons themselves in place of a trained network: what analyses should find is known exactly. */
export interface Generator {
  readonly responder: Responder
  readonly neurons: readonly Neuron[]
  readonly fields: readonly ReceptiveField[]
  /** Pink noise, standardised as the neurons see it. */
  readonly images: Images
  close(): void
}

/** Noise-free drives of the population to [batch, size, size, 1] images; exponent 2, energy pool. */
export async function generatorResponder(units: number, size: number, images: number): Promise<Generator> {
  const given = {
    n_neurons: units,
    image_size: size,
    images: 'pink_noise',
    n_images: images,
    n_test: 0,
  } as const
  const options = { ...generatorDefaults(given), seed: 7 }
  const rng = createRng(options.seed)
  const neurons = Array.from({ length: units }, (_, i) => drawNeuron(options, rng, i))
  const fields = neurons.map((neuron) => receptiveField(neuron, options))
  const each = size * size
  const columns = (patchOf: (field: ReceptiveField) => Patch | null): Tensor2D => {
    const rows = new Float32Array(units * each)
    fields.forEach((field, n) => {
      const patch = patchOf(field)
      if (patch !== null) placePatch(patch, rows, n * each, size)
    })
    return tensor2d(rows, [units, each])
  }
  const filter = columns((f) => f.filter)
  const partner = columns((f) => f.quadrature)
  const pool = columns((f) => f.pool)
  const complex = tensor1d(neurons.map((n) => (n.isComplex ? 1 : 0)))
  const floor = tensor1d(neurons.map((n) => n.semiSaturation ** 2))
  const respond = (shown: Tensor4D): Tensor2D => {
    const x: Tensor2D = reshape(shown, [shown.shape[0], each])
    const through = (weights: Tensor2D, of: Tensor2D): Tensor2D => matMul(of, weights, false, true)
    const first = through(filter, x)
    const energy = add(square(first), square(through(partner, x)))
    const simple = square(relu(first))
    const drive = add(simple, mul(complex, sub(energy, simple)))
    return div(drive, add(floor, through(pool, square(x))))
  }
  const noise = await shownImages(options, null, rng.fork('images'))
  const { mean, std } = standardOf(noise.pixels)
  const values = Float32Array.from(noise.pixels, (v) => (v / 255 - mean) / std)
  return {
    responder: { shape: { height: size, width: size, channels: 1 }, units, respond },
    neurons,
    fields,
    images: { count: images, values },
    close: () => [filter, partner, pool, complex, floor].forEach((t) => t.dispose()),
  }
}
