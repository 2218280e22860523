import type { UnitField } from '../../engine/analysis/receptive-field.ts'
import type { TriggeredAverage } from '../../engine/analysis/triggered-average.ts'
import type { NamedArray } from '../../engine/types.ts'
import type { Analysis } from '../../../src-shared/contract/analysis.ts'
import type { Findings } from './findings.ts'
import { column, mapArray, stackedMaps } from './findings.ts'

/** A place of a readout in pixels, with its spread where the readout has one. */
export interface ReadoutPlace {
  readonly x: number
  readonly y: number
  readonly spreadX: number | null
  readonly spreadY: number | null
}

const DEGREES = 180 / Math.PI

/** Columns and images of receptive fields, in the order of the units. */
export function fieldFindings(
  fields: readonly UnitField[],
  averages: readonly (TriggeredAverage | null)[],
  readouts: readonly (ReadoutPlace | null)[],
  size: Analysis['size'],
): Findings {
  const images = new Map<string, NamedArray>([
    [
      'gradient',
      stackedMaps(
        fields.map((f) => f.mean),
        size,
      ),
    ],
    [
      'first',
      stackedMaps(
        fields.map((f) => f.components[0] ?? null),
        size,
      ),
    ],
    [
      'second',
      stackedMaps(
        fields.map((f) => f.components[1] ?? null),
        size,
      ),
    ],
    [
      'energy',
      stackedMaps(
        fields.map((f) => f.energy),
        size,
      ),
    ],
  ])
  const hasAverages = averages.some((a) => a !== null)
  if (hasAverages)
    images.set(
      'average',
      stackedMaps(
        averages.map((a) => a?.average ?? null),
        size,
      ),
    )
  return {
    numbers: [...placeColumns(fields, readouts), ...shapeColumns(fields, averages, hasAverages)],
    maps: MAPS.filter(({ name }) => images.has(name)),
    curves: [],
    notes: fields.some(({ place }) => place === null)
      ? ['Units without a place answered every image alike: their gradient is zero.']
      : [],
    arrays: new Map([...images].map(([name, array]) => [mapArray(name), array])),
  }
}

const MAPS: Findings['maps'] = [
  {
    name: 'gradient',
    label: 'Mean gradient',
    scale: 'signed',
    help: 'Bright: more light there raises the response, on average over the images.',
  },
  {
    name: 'first',
    label: 'First component',
    scale: 'signed',
    help: 'The direction that gradients share most; its sign has no meaning.',
  },
  {
    name: 'second',
    label: 'Second component',
    scale: 'signed',
    help: 'What they share most after the first.',
  },
  {
    name: 'energy',
    label: 'Sensitivity',
    scale: 'amount',
    help: 'Mean squared gradient: how much each pixel matters.',
  },
  {
    name: 'average',
    label: 'Response-weighted average',
    scale: 'signed',
    help: 'From the recording, not from the network: images weighted by the recorded response.',
  },
]

type Spec = Parameters<typeof column>[0]
type Values<T> = readonly (readonly [spec: Spec, value: (of: T) => number | null | undefined])[]
const PIXELS = { unit: 'px', digits: 1 }

const PLACES: Values<UnitField> = [
  [
    { ...PIXELS, name: 'x', label: 'Place x', help: 'Middle of the field, from the left edge.' },
    (f) => f.place?.x,
  ],
  [
    { ...PIXELS, name: 'y', label: 'Place y', help: 'Middle of the field, from the top edge.' },
    (f) => f.place?.y,
  ],
  [
    {
      ...PIXELS,
      name: 'major',
      label: 'Length',
      help: 'Standard deviation of the sensitivity along its longer axis.',
    },
    (f) => f.place?.major,
  ],
  [
    {
      ...PIXELS,
      name: 'minor',
      label: 'Width',
      help: 'Standard deviation of the sensitivity along its shorter axis.',
    },
    (f) => f.place?.minor,
  ],
  [
    {
      name: 'angle',
      label: 'Angle',
      unit: '°',
      digits: 0,
      help: 'Of the longer axis; 0 is along x, and y points down.',
    },
    (f) => f.place && f.place.angle * DEGREES,
  ],
]

const READOUTS: Values<ReadoutPlace> = [
  [
    {
      ...PIXELS,
      name: 'readout_x',
      label: 'Readout x',
      help: 'Where the readout looks, from the left edge.',
    },
    (r) => r.x,
  ],
  [
    { ...PIXELS, name: 'readout_y', label: 'Readout y', help: 'Where the readout looks, from the top edge.' },
    (r) => r.y,
  ],
  [
    {
      ...PIXELS,
      name: 'readout_sd_x',
      label: 'Readout spread x',
      help: 'How far the readout scatters in training.',
    },
    (r) => r.spreadX,
  ],
  [
    {
      ...PIXELS,
      name: 'readout_sd_y',
      label: 'Readout spread y',
      help: 'How far the readout scatters in training.',
    },
    (r) => r.spreadY,
  ],
]

const placeColumns = (fields: readonly UnitField[], readouts: readonly (ReadoutPlace | null)[]) => [
  ...PLACES.map(([spec, value]) => column(spec, fields.map(value))),
  ...(readouts.every((r) => r === null)
    ? []
    : READOUTS.map(([spec, value]) =>
        column(
          spec,
          readouts.map((r) => r && value(r)),
        ),
      )),
]

const shapeColumns = (
  fields: readonly UnitField[],
  averages: readonly (TriggeredAverage | null)[],
  hasAverages: boolean,
) => [
  column(
    {
      name: 'first_share',
      label: 'First component',
      unit: '%',
      digits: 0,
      help: 'Part of the squared gradients that it holds; one large one: simple, two alike: complex.',
    },
    fields.map((f) => f.shares[0] && 100 * f.shares[0]),
  ),
  column(
    {
      name: 'second_share',
      label: 'Second component',
      unit: '%',
      digits: 0,
      help: 'Part of the squared gradients that it holds.',
    },
    fields.map((f) => f.shares[1] && 100 * f.shares[1]),
  ),
  ...(hasAverages
    ? [
        column(
          {
            name: 'chance',
            label: 'Chance of the average',
            digits: 2,
            help: 'Share of averages of shuffled responses that are as strong.',
          },
          averages.map((a) => a?.chance),
        ),
      ]
    : []),
]
