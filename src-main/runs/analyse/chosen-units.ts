import type { AnalysedUnit } from '../../../src-shared/contract/analysis.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { nearestName } from '../../../src-shared/util/nearest-name.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'
import type { NeuralSet } from '../../engine/types.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'
import { neuronTables } from '../read/run-arrays.ts'

/** Units of one area, grouped by session in the order of the readouts: the order of their answers. */
export interface ChosenUnits {
  readonly area: NeuralSet
  readonly units: readonly AnalysedUnit[]
}

/** Columns by which units are the best predicted ones, the most telling first. */
const BY = ['avg_correlation', 'correlation', 'validation_correlation']

/**
 * The named units, or the best predicted ones of the first area.
 * @throws CotrainError `config-invalid` for a run without responses, an unknown unit, or units of two areas
 */
export function chosenUnits(
  run: TrainedRun,
  store: RunStore,
  { units, best }: { readonly units: readonly string[]; readonly best: number },
): ChosenUnits {
  const all = allUnits(run)
  if (all.length === 0)
    throw refuse('the run predicts no responses, so it has no units.', 'Choose a run with V1 or V4 sessions.')
  const chosen = units.length === 0 ? bestOf(all, run, store, best) : units.map((name) => named(all, name))
  const area = chosen[0]!.area as NeuralSet // from the run's own sessions
  const odd = chosen.find((unit) => unit.area !== area)
  if (odd !== undefined)
    throw refuse(
      `"${odd.unit}" is a unit of ${odd.area}, "${chosen[0]!.unit}" of ${area}.`,
      'Analyse one area at a time.',
    )
  const isChosen = new Set(chosen)
  return { area, units: all.filter((unit) => isChosen.has(unit)) }
}

function allUnits({ shapes, result }: TrainedRun): readonly AnalysedUnit[] {
  return AREAS.flatMap((area) =>
    shapes.sessions
      .filter((s) => s.area === area)
      .flatMap(({ key, units }) =>
        Array.from({ length: units }, (_, index) => ({
          area,
          session: key,
          unit: result.units[key]?.[index] ?? `unit ${index + 1}`,
          index,
        })),
      ),
  )
}

function bestOf(
  all: readonly AnalysedUnit[],
  { record }: TrainedRun,
  store: RunStore,
  wanted: number,
): readonly AnalysedUnit[] {
  const tables = new Map(neuronTables(store, record.id).map((t) => [`${t.area}/${t.session}`, t.columns]))
  const first = all.filter(({ area }) => area === all[0]?.area)
  const score = ({ area, session, index }: AnalysedUnit): number => {
    const columns = tables.get(`${area}/${session}`)
    const values = BY.map((name) => columns?.[name]).find((v) => v !== undefined)
    return values?.[index] ?? -Infinity
  }
  return [...first].sort((a, b) => score(b) - score(a)).slice(0, wanted)
}

function named(all: readonly AnalysedUnit[], name: string): AnalysedUnit {
  const found = all.filter(({ session, unit }) => unit === name || `${session}/${unit}` === name)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  if (only !== undefined)
    throw refuse(
      `"${name}" is a unit of several sessions: ${found.map(({ session }) => session).join(', ')}.`,
      `Write ${only.session}/${name}.`,
    )
  const near = nearestName(name, all.map(({ unit }) => unit)) // prettier-ignore
  throw refuse(
    `there is no unit "${name}".`,
    near === null
      ? `The run has ${all.length} units; see them in its table of neurons.`
      : `Did you mean "${near}"?`,
  )
}

const refuse = (message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'config-invalid', path: 'units', message, hint })
