import type { Analysis, UnitFindings } from '../../../src-shared/contract/analysis.ts'
import type { FakeService } from '../fake-service.ts'
import { NOW } from './made-up-runs.ts'

const UNITS = 6
/** One pixel. */
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** An analysis as the service gives it, numbers made up. */
export const analysisOf = (what: Analysis['what']): Analysis => ({
  ...{ key: '0123456789abcdef', version: 1, what, at: NOW, seconds: 12, engine: 'native' },
  ...{ options: {}, others: [], images: { count: 100, data: 'f'.repeat(64) } },
  size: { height: 32, width: 32, channels: 1 },
  units: Array.from({ length: UNITS }, (_, index) => ({
    ...{ area: 'v1', session: 'session-1', unit: `unit-${index}`, index },
  })),
  numbers: ['x', 'y', 'major', 'minor', 'angle'].map((name, k) => ({
    ...{ name, label: `Place ${name}`, unit: 'px', help: 'Made up.', digits: 1 },
    values: Array.from({ length: UNITS }, (_, i) => (i === 5 ? null : 4 + i + k)),
  })),
  maps: [{ name: 'energy', label: 'Sensitivity', scale: 'amount', help: 'How much each pixel matters.' }],
  curves: [{ name: 'orientation', label: 'Orientation', x: 'Degrees', y: 'Predicted response', log: false }],
  ...{ layers: [], matrices: [], profiles: [], rdms: [] },
  notes: ['One unit answers nothing.'],
})

const LAYERS = ['core.layer0', 'core.layer1', 'core.layer2']

/** A similarity of layers of a run as the service gives it, numbers made up. */
export const similarityOf = (run: string): Analysis => ({
  ...analysisOf('similarity'),
  images: {
    ...{ count: 4, data: 'f'.repeat(64) },
    set: { words: '4 images of the 40 test images of session session-1', fingerprint: 'e'.repeat(64) },
  },
  ...{ units: [], numbers: [], maps: [], curves: [] },
  layers: [
    {
      run,
      layers: LAYERS.map((name, i) => ({
        ...{ name, shape: [16, 16, 8], features: 401 + i },
        rule: i === 0 ? 'projection' : 'all',
      })),
    },
  ],
  matrices: ['cka_debiased', 'rsa'].map((name, k) => ({
    ...{ name, label: name === 'rsa' ? 'RSA' : 'CKA, debiased', help: 'Made up.', across: run },
    ...{ rows: LAYERS, columns: LAYERS },
    values: LAYERS.map((_, i) => LAYERS.map((__, j) => 1 - Math.abs(i - j) / (3 + k))),
  })),
  profiles: [
    {
      ...{ name: 'predicted', label: 'Units predicted', help: 'Made up.', run, layers: LAYERS },
      ...{ values: [0.2, 0.4, 0.3], low: [0.1, 0.3, 0.2], high: [0.3, 0.5, 0.4] },
      ...{ n: 40, of: 'units', ceiling: { label: 'median ceiling of the units', value: 0.8 } },
    },
  ],
  rdms: ['responses', ...LAYERS.map((name) => `${run}/${name}`)],
  notes: [],
})

const RDM = [[0, 1, 0.5, 1], [1, 0, 0.7, 0.2], [0.5, 0.7, 0, null], [1, 0.2, null, 0]] // prettier-ignore

export const unitFindingsOf = (): UnitFindings => ({
  maps: [{ name: 'energy', png: PNG }],
  curves: [{ name: 'orientation', x: [0, 90, 180], y: [1, 2, 1], fit: [1, 2, 1] }],
})

type AnalysisMethods =
  | 'runs.analyses'
  | 'runs.analyse'
  | 'runs.analysedUnits'
  | 'runs.analysedRdms'
  | 'runs.exportAnalysis'
  | 'runs.removeAnalysis'

/** Answers about analyses of any run. */
export const analysisAnswers: Pick<FakeService, AnalysisMethods> = {
  'runs.analyses': () => [],
  'runs.analyse': ({ id, what }) => (what === 'similarity' ? similarityOf(id) : analysisOf(what)),
  'runs.analysedUnits': ({ units }) => units.map(() => unitFindingsOf()),
  'runs.analysedRdms': ({ names }) => names.map(() => RDM),
  'runs.exportAnalysis': ({ to }) => ({ path: to, written: 'all' }),
  'runs.removeAnalysis': () => ({ ok: true }),
}
