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
  notes: ['One unit answers nothing.'],
})

export const unitFindingsOf = (): UnitFindings => ({
  maps: [{ name: 'energy', png: PNG }],
  curves: [{ name: 'orientation', x: [0, 90, 180], y: [1, 2, 1], fit: [1, 2, 1] }],
})

type AnalysisMethods =
  'runs.analyses' | 'runs.analyse' | 'runs.analysedUnits' | 'runs.exportAnalysis' | 'runs.removeAnalysis'

/** Answers about analyses of any run. */
export const analysisAnswers: Pick<FakeService, AnalysisMethods> = {
  'runs.analyses': () => [],
  'runs.analyse': ({ what }) => analysisOf(what),
  'runs.analysedUnits': ({ units }) => units.map(() => unitFindingsOf()),
  'runs.exportAnalysis': ({ to }) => ({ path: to, written: 'all' }),
  'runs.removeAnalysis': () => ({ ok: true }),
}
