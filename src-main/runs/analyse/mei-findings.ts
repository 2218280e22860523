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
  const percent = (share: number | null): number | null => share && 100 * share
  return {
    numbers: [
      column(
        {
          name: 'most',
          label: 'Most exciting',
          digits: 2,
          help: 'Predicted response to the most exciting input.',
        },
        units.map((u) => u.most.response),
      ),
      column(
        {
          name: 'least',
          label: 'Least exciting',
          digits: 2,
          help: 'Predicted response to the least exciting input.',
        },
        units.map((u) => u.least.response),
      ),
      column(
        {
          name: 'usual',
          label: 'Best image',
          digits: 2,
          help: 'Largest predicted response among the images of the recording, at their own contrast.',
        },
        usual,
      ),
      column(
        {
          name: 'agreement',
          label: 'Starts agree',
          digits: 2,
          help: 'Mean correlation of the most exciting inputs from different starts; low for units that phase does not matter to.',
        },
        units.map((u) => u.most.agreement),
      ),
      ...others.flatMap(({ id, most, rank }) => [
        column(
          {
            name: `other_${id.slice(0, 10)}`,
            label: `Run ${id.slice(0, 10)}`,
            digits: 2,
            help: 'What that run predicts for the same image.',
          },
          most,
        ),
        column(
          {
            name: `rank_${id.slice(0, 10)}`,
            label: `Rank in ${id.slice(0, 10)}`,
            unit: '%',
            digits: 0,
            help: 'Share of the recording’s images that excite the unit less in that run.',
          },
          rank.map(percent),
        ),
      ]),
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
