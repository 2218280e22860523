import type { DataNeed, Offer } from './calls/config.ts'

const STATES: Readonly<Record<DataNeed['state'], string>> = {
  made: 'made by the app',
  there: 'there',
  missing: 'missing',
}

/** Whether a data set is there: "there", "there, as “lab V4”", "missing", "made by the app". */
export const needState = ({ state, standIn }: DataNeed): string =>
  standIn === null ? STATES[state] : `${STATES[state]}, as “${standIn.set}”`

/** All that a config or recipe needs, in one line. */
export const needsText = ({ needs, asks }: Pick<Offer, 'needs' | 'asks'>): string =>
  [
    ...needs.map((need) => `${need.name}: ${needState(need)}`),
    ...(asks.length === 0 ? [] : [`asks for: ${asks.join(', ')}`]),
  ].join('; ')
