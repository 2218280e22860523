/**
 * Seconds per training step of VGG-19 with batch norm on 64 x 64 images: forward, backward, Adam with weight decay.
 *
 *   node --import tsx bench/step.ts [--engine native|wasm] [--threads 2] [--batch 16] [--steps 6] [--task cotrain|classify]
 *                                   [--precision float32|bfloat16] [--width 1]
 *
 * `cotrain` adds the neural half of a co-training step: 16 images through the first 17 layers and a readout of 100
 * units with Poisson loss. Prints one line of JSON: median and best wall seconds, CPU seconds, peak resident MiB.
 */
import { parseArgs } from 'node:util'
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import {
  add,
  dispose,
  log,
  mean,
  memory,
  mul,
  randomNormal,
  randomUniform,
  reshape,
  softplus,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core'
import type { ConvPrecision, ParamStore } from '../src-main/engine/tensor/index.ts'
import {
  applyAdam,
  convNormRelu,
  createParamStore,
  dense,
  maxPool,
  nativeHandleCount,
  sampleMap,
  setConvPrecision,
  softmaxCrossEntropy,
  valueAndGrads,
} from '../src-main/engine/tensor/index.ts'
import type { NamedArray, ParamMap } from '../src-main/engine/types.ts'
import type { BackendName } from '../src-main/io/native/load-backend.ts'
import { loadBackend } from '../src-main/io/native/load-backend.ts'
import { createRng } from '../src-shared/util/rng.ts'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'native' },
    threads: { type: 'string', default: '2' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '6' },
    task: { type: 'string', default: 'cotrain' },
    width: { type: 'string', default: '1' },
    precision: { type: 'string', default: 'float32' },
  },
})
const SIZE = 64
const CLASSES = 200
const UNITS = 100
const WEIGHT_DECAY = 5e-4
const SHARED_CONVS = 5 // features[0:17] of VGG-19 with batch norm
const VGG19 = [64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512, 0]
const width = Number(values.width)
const plan = VGG19.map((c) => Math.round(c * width))

const rng = createRng(1)
const gaussian = (shape: number[], std: number): NamedArray => {
  const data = new Float32Array(shape.reduce((n, k) => n * k, 1))
  for (let i = 0; i < data.length; i++) data[i] = rng.normal() * std
  return { shape, dtype: 'float32', data }
}
const constant = (shape: number[], value: number): NamedArray => {
  return { shape, dtype: 'float32', data: new Float32Array(shape.reduce((n, k) => n * k, 1)).fill(value) }
}

function initialValues(): Map<string, NamedArray> {
  const arrays = new Map<string, NamedArray>()
  const convs = plan.filter((c) => c > 0)
  convs.forEach((out, i) => {
    const cin = i === 0 ? 3 : (convs[i - 1] as number)
    arrays.set(`conv${i}.weight`, gaussian([3, 3, cin, out], Math.sqrt(2 / (9 * out))))
    for (const [name, value] of [
      ['bias', 0],
      ['gamma', 1],
      ['beta', 0],
      ['mean', 0],
      ['variance', 1],
    ] as const)
      // prettier-ignore
      arrays.set(`conv${i}.${name}`, constant([out], value))
  })
  const flat = (SIZE / 32) ** 2 * (convs.at(-1) as number)
  const head = Math.round(4096 * width)
  const sizes = [flat, head, head, CLASSES]
  for (let i = 0; i < 3; i++) {
    arrays.set(`dense${i}.weight`, gaussian([sizes[i] as number, sizes[i + 1] as number], 0.01))
    arrays.set(`dense${i}.bias`, constant([sizes[i + 1] as number], 0))
  }
  const channels = convs[SHARED_CONVS - 1] as number
  arrays.set('readout.positions', gaussian([1, UNITS, 2], 0.3))
  arrays.set('readout.features', gaussian([UNITS, channels], 0.05))
  return arrays
}

function features(p: ParamMap, x: Tensor4D, convs: number): Tensor4D {
  const get = (i: number, name: string): Tensor1D => p.get(`conv${i}.${name}`) as Tensor1D
  let i = 0
  for (const out of plan) {
    if (i >= convs) break
    if (out === 0) x = maxPool(x, { afterRelu: true })
    else {
      const norm = {
        gamma: get(i, 'gamma'),
        beta: get(i, 'beta'),
        mean: get(i, 'mean'),
        variance: get(i, 'variance'),
      }
      const options = { padding: 1, statistics: 'batch', bias: get(i, 'bias') } as const
      x = convNormRelu(x, p.get(`conv${i}.weight`) as Tensor4D, norm, options).output
      i++
    }
  }
  return convs > SHARED_CONVS ? maxPool(x, { afterRelu: true }) : x
}

function classify(p: ParamMap, images: Tensor4D, labels: Tensor1D): Scalar {
  const map = features(p, images, 16)
  let x = reshape(map, [map.shape[0], -1]) as Tensor2D
  for (let i = 0; i < 3; i++) {
    const bias = p.get(`dense${i}.bias`) as Tensor1D
    x = dense(x, p.get(`dense${i}.weight`) as Tensor2D, { bias, activation: i < 2 ? 'relu' : 'none' })
  }
  return mean(softmaxCrossEntropy(x, labels))
}

function neural(p: ParamMap, images: Tensor4D, responses: Tensor2D): Scalar {
  const map = features(p, images, SHARED_CONVS)
  const samples = sampleMap(map, p.get('readout.positions') as Tensor3D, { alignCorners: true })
  const rate = softplus(sum(mul(samples, p.get('readout.features') as Tensor2D), 2))
  return mean(sub(rate, mul(responses, log(add(rate, 1e-6)))))
}

const backend = await loadBackend({ engine: values.engine as BackendName, threads: Number(values.threads) })
setConvPrecision(values.precision as ConvPrecision)
const params = createParamStore(initialValues())
const trainable = params.names.filter((n) => !/\.(mean|variance)$/.test(n))
const moments = new Map(trainable.map((name) => [name, zeroMoments(params.tensors.get(name) as Tensor)]))
const batch = Number(values.batch)
const images = randomNormal([batch, SIZE, SIZE, 3]) as Tensor4D
const labels = tidy(() => randomUniform([batch], 0, CLASSES, 'int32')) as Tensor1D
const responses = randomUniform([batch, UNITS], 0, 2) as Tensor2D

function zeroMoments({ shape }: Tensor): ParamStore {
  return createParamStore(new Map(['m', 'v'].map((n) => [n, constant([...shape], 0)] as const)))
}

function update(grads: ReadonlyMap<string, Tensor>, step: number): void {
  const settings = { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step }
  for (const [name, gradient] of grads) {
    tidy(() => {
      const grad = add(gradient, mul(params.tensors.get(name) as Tensor, WEIGHT_DECAY))
      applyAdam(params, moments.get(name) as ParamStore, [{ name, m: 'm', v: 'v', grad }], settings)
    })
  }
}

function trainStep(step: number): number {
  const total = new Map<string, Tensor>()
  let loss = 0
  const halves = [(p: ParamMap) => classify(p, images, labels)]
  if (values.task === 'cotrain') halves.push((p) => neural(p, images, responses))
  for (const half of halves) {
    const { value, grads } = valueAndGrads(half, params.tensors, trainable)
    loss += value.dataSync()[0] as number
    value.dispose()
    for (const [name, grad] of grads) {
      const before = total.get(name)
      total.set(name, before ? add(before, grad) : grad)
      if (before) dispose([before, grad])
    }
  }
  update(total, step)
  dispose([...total.values()])
  return loss
}

const wall: number[] = []
const cpu: number[] = []
const losses: number[] = []
const steps = Number(values.steps)
let counts = ''
for (let step = 1; step <= steps + 2; step++) {
  const used = process.cpuUsage()
  const began = performance.now()
  losses.push(trainStep(step))
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(used)
  const now = `${memory().numTensors} tensors, ${nativeHandleCount()} handles`
  if (step > 2) {
    wall.push(seconds)
    cpu.push((user + system) / 1e6)
    if (now !== counts) console.error(`step ${step} ended with ${now}, the one before with ${counts}`)
  }
  counts = now
}
const median = (xs: readonly number[]): number =>
  [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)] as number
const round = (x: number): number => Math.round(x * 1000) / 1000
console.log(
  JSON.stringify({
    backend: backend.name,
    tensorflow: backend.tfVersion,
    threads: backend.threads,
    task: values.task,
    batch,
    width,
    precision: values.precision,
    seconds: round(median(wall)),
    best: round(Math.min(...wall)),
    cpuSeconds: round(median(cpu)),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    losses: [losses[0], losses.at(-1)].map((l) => round(l as number)),
  }),
)
