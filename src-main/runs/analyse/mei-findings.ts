import type { ExcitingInputs } from '../../engine/analysis/exciting-inputs.ts'
import type { Analysis } from '../../../src-shared/contract/analysis.ts'
import type { Findings } from './findings.ts'
import { column, curveArray, mapArray, stackedMaps, stackedRows } from './findings.ts'

/** What another run answers to the most exciting inputs and to the images of the recording. */
export interface OtherAnswers {
  readonly id: string
  /** [units] */
  readonly most: readonly number[]
  /** Share of the recording's images that excite the unit less, [units]. */
  readonly rank: readonly number[]
}

/** Columns, images and curves of most exciting inputs. `usual`: the largest response of each unit to the recording's images. */
export function meiFindings(
  { units, recordedAt }: ExcitingInputs,
  usual: readonly number[],
  others: readonly OtherAnswers[],
  size: Analysis['size'],
): Findings {
  return {
    numbers: [
      column(
        MOST,
        units.map((u) => u.most.response),
      ),
      column(
        LEAST,
        units.map((u) => u.least.response),
      ),
      column(USUAL, usual),
      column(
        AGREEMENT,
        units.map((u) => u.most.agreement),
      ),
      ...others.flatMap(otherColumns),
    ],
    maps: [
      { name: 'most', label: 'Most exciting', scale: 'shown', help: 'As a screen shows it.' },
      { name: 'least', label: 'Least exciting', scale: 'shown', help: 'As a screen shows it.' },
    ],
    curves: [{ name: 'course', label: 'Ascent', x: 'Step', y: 'Predicted response', log: false }],
    notes: [],
    arrays: new Map([
      [
        mapArray('most'),
        stackedMaps(
          units.map((u) => u.most.image),
          size,
        ),
      ],
      [
        mapArray('least'),
        stackedMaps(
          units.map((u) => u.least.image),
          size,
        ),
      ],
      [curveArray('course', 'x'), stackedRows(units.map(() => recordedAt))],
      [curveArray('course', 'y'), stackedRows(units.map((u) => u.most.course))],
    ]),
  }
}

type Spec = Parameters<typeof column>[0]
const MOST: Spec = {
  name: 'most',
  label: 'Most exciting',
  help: 'Predicted response to the most exciting input.',
}
const LEAST: Spec = {
  name: 'least',
  label: 'Least exciting',
  help: 'Predicted response to the least exciting input.',
}
const USUAL: Spec = {
  name: 'usual',
  label: 'Best image',
  help: 'Largest predicted response among the images of the recording, at their own contrast.',
}
const AGREEMENT: Spec = {
  name: 'agreement',
  label: 'Starts agree',
  help: 'Mean correlation of the most exciting inputs from different starts; low for units that phase does not matter to.',
}

function otherColumns({ id, most, rank }: OtherAnswers) {
  const short = id.slice(0, 10)
  const higher = 'Share of the recording’s images that excite the unit less in that run.'
  return [
    column(
      { name: `other_${short}`, label: `Run ${short}`, help: 'What that run predicts for the same image.' },
      most,
    ),
    column({ name: `rank_${short}`, label: `Rank in ${short}`, unit: '%', digits: 0, help: higher }, rank.map((share) => 100 * share)), // prettier-ignore
  ]
}
