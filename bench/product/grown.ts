import type { BenchNetwork } from '../../src-main/runs/bench/bench-network.ts'
import { cotrainingNetwork } from '../../src-main/runs/bench/bench-network.ts'
import { validConfig } from '../classifier-config.ts'
import { separable } from './cases.ts'

/** What a step grows with. */
export interface Axis {
  readonly name: string
  readonly values: readonly number[]
  /** What the network is, for the table. */
  readonly what: string
  readonly network: (value: number) => BenchNetwork
}

/** A quarter of the channels of the published network: the whole takes minutes at the far ends. */
const WIDTH = 0.25
const BATCH = 16
/** Of each session, so that thirty of them stay affordable. */
const FEW_IMAGES = 16

const cotraining = (batch: number): BenchNetwork =>
  cotrainingNetwork({ format: 'float32', batch, width: WIDTH })

export const AXES: readonly Axis[] = [
  {
    name: 'batch',
    values: [8, 16, 32, 64, 128, 256],
    what: 'images of each task; co-training of VGG-19 at a quarter of the channels, 64 px',
    network: cotraining,
  },
  {
    name: 'pixels',
    values: [32, 48, 64, 96, 128, 224],
    what: 'side of the images; the same network, 16 images of each task',
    network: ofSize,
  },
  {
    name: 'sessions',
    values: [1, 2, 5, 10, 20, 30],
    what: 'sessions of 16 images and 100 units in one update; the depth-separable core, 36 x 64 px',
    network: (sessions) => separable('float32', { sessions, units: 100, images: FEW_IMAGES }),
  },
  {
    name: 'units',
    values: [10, 100, 1000, 10_000],
    what: 'units of one session; the same core, 64 images',
    network: (units) => separable('float32', { units }),
  },
]

/** The network at a place such as "batch=32"; null for what is none. */
export function grownNetwork(place: string): BenchNetwork | null {
  const [name, value] = place.split('=')
  const axis = AXES.find((one) => one.name === name)
  return axis === undefined || value === undefined ? null : axis.network(Number(value))
}

function ofSize(pixels: number): BenchNetwork {
  const whole = cotraining(BATCH)
  const { dataset, model, trainer } = whole.config
  const config = validConfig({
    dataset,
    model: { fn: model.fn, config: { ...model.config, input_size: pixels } },
    trainer,
  })
  const { img_classification: images, v1 } = whole.shapes.inputs
  const side = { height: pixels, width: pixels }
  const inputs = { img_classification: { ...images!, ...side }, v1: { ...v1!, ...side } } // both tasks are there
  return { ...whole, config, shapes: { ...whole.shapes, inputs } }
}
