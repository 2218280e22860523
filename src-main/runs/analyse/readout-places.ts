import type { AnalysedUnit } from '../../../src-shared/contract/analysis.ts'
import type { InputShape } from '../../engine/data/loaders/input-source.ts'
import type { ParamMap } from '../../engine/types.ts'
import type { RunStore } from '../../store/run-store.ts'
import { neuronTables } from '../read/run-arrays.ts'
import type { ReadoutPlace } from './field-findings.ts'

/** Where the readout of each unit looks in pixels, -1 and 1 being the middles of the outer pixels; null where it has no place. */
export async function readoutPlaces(
  store: RunStore,
  id: string,
  units: readonly AnalysedUnit[],
  params: ParamMap,
  { height, width }: InputShape,
): Promise<readonly (ReadoutPlace | null)[]> {
  const tables = neuronTables(store, id)
  const spreads = new Map<string, readonly [number, number][]>()
  for (const { area, session } of units)
    if (!spreads.has(session)) spreads.set(session, await spreadsOf(area, session, params))
  return units.map(({ area, session, index }) => {
    const columns = tables.find((t) => t.area === area && t.session === session)?.columns
    const [x, y] = ['mu_x', 'mu_y'].map((name) => columns?.[name]?.[index] ?? null)
    if (x === null || y === null || x === undefined || y === undefined) return null
    const [sdX, sdY] = spreads.get(session)?.[index] ?? [null, null]
    const pixels = (v: number | null, n: number): number | null => v && (v * (n - 1)) / 2
    return {
      x: ((x + 1) * (width - 1)) / 2,
      y: ((y + 1) * (height - 1)) / 2,
      spreadX: pixels(sdX, width),
      spreadY: pixels(sdY, height),
    }
  })
}

/** Standard deviations along x and y of a readout's sampling: one or two a unit, or a matrix A with covariance AA'. */
async function spreadsOf(
  area: string,
  session: string,
  params: ParamMap,
): Promise<readonly [number, number][]> {
  const sigma = [`readout.${session}.sigma`, `${area}_readout.${session}.sigma`]
    .map((name) => params.get(name))
    .find((tensor) => tensor !== undefined)
  if (sigma === undefined) return []
  const values = await sigma.data<'float32'>()
  const [units = 0] = sigma.shape
  const each = values.length / units
  return Array.from({ length: units }, (_, unit) => {
    const own = values.subarray(unit * each, (unit + 1) * each)
    if (each === 4) return [Math.hypot(own[0]!, own[1]!), Math.hypot(own[2]!, own[3]!)]
    return [Math.abs(own[0]!), Math.abs(own[each - 1]!)]
  })
}
