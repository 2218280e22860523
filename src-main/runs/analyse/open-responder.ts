import type { AnalysedUnit } from '../../../src-shared/contract/analysis.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ImageScale } from '../../engine/analysis/gratings.ts'
import type { AnimalState, SessionUnits } from '../../engine/analysis/network-responder.ts'
import { networkResponder } from '../../engine/analysis/network-responder.ts'
import type { Images, Responder } from '../../engine/analysis/responder.ts'
import type { NeuralSet, ParamMap } from '../../engine/types.ts'
import { openTrainedNetwork } from '../../data/made-by-runs/trained-network.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'

/** A trained network as the analyses know it; close it to free its tensors. */
export interface OpenedResponder {
  readonly responder: Responder
  readonly params: ParamMap
  close(): void
}

/** @throws CotrainError `config-invalid` for a run that has not all of the units */
export function openResponder(
  run: TrainedRun,
  area: NeuralSet,
  units: readonly AnalysedUnit[],
  state: AnimalState,
): OpenedResponder {
  const shape = run.shapes.inputs[area]
  const short = run.record.id.slice(0, 10)
  const missing = units.find(({ session, unit, index }) => {
    const names = run.result.units[session]
    return !run.shapes.sessions.some((s) => s.area === area && s.key === session && s.units > index) || (names !== undefined && names[index] !== unit) // prettier-ignore
  })
  if (shape === undefined || missing !== undefined)
    throw new CotrainError({
      code: 'config-invalid',
      path: short,
      message: `the run has no unit ${missing?.unit ?? ''} in session ${missing?.session ?? ''} of ${area}.`,
      hint: 'Compare runs that were trained on the same sessions.',
    })
  const { network, close } = openTrainedNetwork(run.record.config.model, run.shapes, run.weights)
  return {
    responder: networkResponder(network, area, bySession(units), shape, state),
    params: network.params,
    close,
  }
}

/** Units come grouped by session. */
export function bySession(units: readonly AnalysedUnit[]): readonly SessionUnits[] {
  const sessions = new Map<string, number[]>()
  for (const { session, index } of units) sessions.set(session, [...(sessions.get(session) ?? []), index])
  return [...sessions].map(([session, own]) => ({ session, units: own }))
}

/** Grey, spread, black and white on the scale that a network reads, from images as it reads them. */
export function scaleOf(run: TrainedRun, area: NeuralSet, { values }: Images): ImageScale {
  const { mean, std } = normalisationOf(run, area)
  const grey = values.reduce((a, b) => a + b, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - grey) ** 2, 0) / values.length)
  return { grey, sd, black: -mean / std, white: (1 - mean) / std }
}

/** How images on the 0..1 scale reach the network; channels by their mean. */
export function normalisationOf(
  { normalisations }: TrainedRun,
  area: NeuralSet,
): { readonly mean: number; readonly std: number } {
  const { mean, std } = normalisations[area] ?? { mean: [0], std: [1] }
  const average = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length
  return { mean: average(mean), std: average(std) }
}
