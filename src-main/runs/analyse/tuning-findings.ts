import type { UnitField } from '../../engine/analysis/receptive-field.ts'
import type { Preferred, UnitTuning } from '../../engine/analysis/tuning.ts'
import type { NamedArray } from '../../engine/types.ts'
import type { Findings } from './findings.ts'
import { column, curveArray, stackedRows } from './findings.ts'

const DEGREES = 180 / Math.PI

type Curve = keyof UnitTuning['curves']
const CURVES: readonly (Findings['curves'][number] & { readonly name: Curve; readonly scale: number })[] = [
  {
    name: 'orientation',
    label: 'Orientation',
    x: 'Degrees across the bars',
    y: 'Predicted response',
    log: false,
    scale: DEGREES,
  },
  {
    name: 'frequency',
    label: 'Spatial frequency',
    x: 'Cycles per image',
    y: 'Predicted response',
    log: true,
    scale: 1,
  },
  { name: 'phase', label: 'Phase', x: 'Degrees', y: 'Predicted response', log: false, scale: DEGREES },
  { name: 'size', label: 'Size', x: 'Diameter, pixels', y: 'Predicted response', log: true, scale: 1 },
  { name: 'contrast', label: 'Contrast', x: 'RMS contrast', y: 'Predicted response', log: true, scale: 1 },
]

type Spec = Parameters<typeof column>[0]

/** Columns that every unit with a preferred grating has. */
const COLUMNS: readonly (readonly [spec: Spec, value: (p: Preferred) => number | null])[] = [
  [
    {
      name: 'orientation',
      label: 'Orientation',
      unit: '°',
      digits: 0,
      help: 'Preferred, across the bars: 0 is along x (upright bars), and y points down.',
    },
    (p) => p.theta.value * DEGREES,
  ],
  [
    {
      name: 'orientation_low',
      label: 'Orientation from',
      unit: '°',
      digits: 0,
      help: 'Lower end of the interval of the preferred orientation over redrawn phases.',
    },
    (p) => p.theta.low * DEGREES,
  ],
  [
    {
      name: 'orientation_high',
      label: 'Orientation to',
      unit: '°',
      digits: 0,
      help: 'Upper end of the interval of the preferred orientation over redrawn phases.',
    },
    (p) => p.theta.high * DEGREES,
  ],
  [
    {
      name: 'half_width',
      label: 'Half width',
      unit: '°',
      digits: 0,
      help: 'Of the fitted orientation curve at half its height; absent where it nowhere falls so far.',
    },
    (p) => p.halfWidth && p.halfWidth * DEGREES,
  ],
  [
    {
      name: 'selectivity',
      label: 'Selectivity',
      digits: 2,
      help: '1 - circular variance over orientation: 0 untuned, 1 one orientation alone.',
    },
    (p) => p.selectivity,
  ],
  [
    {
      name: 'frequency',
      label: 'Frequency',
      unit: 'cycles/image',
      digits: 1,
      help: 'Preferred spatial frequency over the width of the image; absent where the response still grows at an end of the range.',
    },
    (p) => p.frequency?.value ?? null,
  ],
  [
    {
      name: 'frequency_low',
      label: 'Frequency from',
      unit: 'cycles/image',
      digits: 1,
      help: 'Lower end of its interval over redrawn phases.',
    },
    (p) => p.frequency?.low ?? null,
  ],
  [
    {
      name: 'frequency_high',
      label: 'Frequency to',
      unit: 'cycles/image',
      digits: 1,
      help: 'Upper end of its interval over redrawn phases.',
    },
    (p) => p.frequency?.high ?? null,
  ],
  [
    {
      name: 'octaves',
      label: 'Bandwidth',
      unit: 'octaves',
      digits: 1,
      help: 'Full width at half height of the fitted frequency curve.',
    },
    (p) => p.octaves,
  ],
  [
    {
      name: 'f1_f0',
      label: 'F1 / F0',
      digits: 2,
      help: 'First harmonic over phase by the mean above the blank: above 1 simple, below complex.',
    },
    (p) => p.modulation,
  ],
  [
    {
      name: 'diameter',
      label: 'Preferred size',
      unit: 'px',
      digits: 0,
      help: 'Diameter of the window with the largest response.',
    },
    (p) => p.diameter,
  ],
  [
    {
      name: 'suppression',
      label: 'Surround suppression',
      digits: 2,
      help: 'Part of the largest response above the blank that the whole image takes away.',
    },
    (p) => p.suppression,
  ],
  [
    {
      name: 'half_contrast',
      label: 'Half contrast',
      digits: 2,
      help: 'RMS contrast of half the largest response of the Naka-Rushton fit; absent where it does not fit.',
    },
    (p) => p.halfContrast,
  ],
  [
    { name: 'exponent', label: 'Contrast exponent', digits: 1, help: 'Of the Naka-Rushton fit.' },
    (p) => p.exponent,
  ],
]

const PER_DEGREE: Spec = {
  name: 'frequency_deg',
  label: 'Frequency',
  unit: 'cycles/degree',
  digits: 2,
  help: 'Preferred spatial frequency by the pixels per degree that were given.',
}
const BLANK: Spec = {
  name: 'blank',
  label: 'Blank',
  digits: 2,
  help: 'Predicted response to the background alone.',
}
const PLACE: readonly Spec[] = [
  {
    name: 'x',
    label: 'Place x',
    unit: 'px',
    digits: 1,
    help: 'Where the windows stood, from the left edge.',
  },
  { name: 'y', label: 'Place y', unit: 'px', digits: 1, help: 'Where the windows stood, from the top edge.' },
]

/** Columns and curves of tuning, in the order of the units. */
export function tuningFindings(
  tuning: readonly UnitTuning[],
  fields: readonly UnitField[],
  { width, pixelsPerDegree }: { readonly width: number; readonly pixelsPerDegree: number | null },
): Findings {
  const of = (value: (p: Preferred) => number | null) => tuning.map((t) => t.preferred && value(t.preferred))
  const perDegree = pixelsPerDegree === null ? null : pixelsPerDegree / width
  const silent = tuning.filter(({ preferred }) => preferred === null).length
  return {
    numbers: [
      ...COLUMNS.map(([spec, value]) => column(spec, of(value))),
      ...(perDegree === null
        ? []
        : [
            column(
              PER_DEGREE,
              of((p) => p.frequency && p.frequency.value * perDegree),
            ),
          ]),
      column(
        BLANK,
        tuning.map((t) => t.blank),
      ),
      ...PLACE.map((spec) =>
        column(
          spec,
          fields.map(({ place }) => place && place[spec.name as 'x' | 'y']),
        ),
      ),
    ],
    maps: [],
    curves: CURVES.map(({ scale: _scale, ...curve }) => curve),
    notes:
      silent === 0
        ? []
        : [
            `${silent} of ${tuning.length} units answer no grating above the blank image; they have no preferred values.`,
          ],
    arrays: new Map(CURVES.flatMap(({ name, scale }) => curveArrays(tuning, name, scale))),
  }
}

function curveArrays(tuning: readonly UnitTuning[], name: Curve, scale: number): [string, NamedArray][] {
  const curves = tuning.map((t) => t.curves[name])
  return [
    [curveArray(name, 'x'), stackedRows(curves.map(({ x }) => x.map((v) => v * scale)))],
    [curveArray(name, 'y'), stackedRows(curves.map(({ y }) => y))],
    [curveArray(name, 'fit'), stackedRows(curves.map(({ x, fit }) => fit ?? x.map(() => NaN)))],
  ]
}
