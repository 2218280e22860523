import type { Result } from '../contract/contract.ts'

type DataSet = Result<'data.get'>
type Session = NonNullable<DataSet['sessions']>[number]

/** Smallest input of the networks here; smaller images are enlarged. */
const SMALLEST = 32
/** Larger pictures are made smaller where a network is to be trained in hours: the size that was published. */
const PUBLISHED = 64

/** Pixels a side that a network gets of pictures of this height. */
export const inputSizeFor = (height: number): number => Math.max(SMALLEST, height)

/** As {@link inputSizeFor}, at most the published size. */
export const sharedSizeFor = (height: number): number => Math.min(PUBLISHED, inputSizeFor(height))

export type Area = 'v1' | 'v4'

/** The area of the first of these sessions, by what the files say; null where one says none that can be modelled. */
export function areaOf(sessions: readonly Session[]): Area | null {
  const said = sessions.map(({ area }) => area.toLowerCase())
  return said.every(isArea) ? (said[0] ?? null) : null
}

export const isArea = (name: string): name is Area => name === 'v1' || name === 'v4'

/** A likelihood of counts where all responses can be counts, squares where a single one is below zero: Poisson is defined for none. */
export const lossFor = (sessions: readonly Session[]): 'PoissonLoss' | 'MSELoss' =>
  sessions.some((s) => (s.least ?? s.meanResponse ?? 0) < 0) ? 'MSELoss' : 'PoissonLoss'

/** Whether any session has test trials of its own. */
export const lacksTest = (sessions: readonly Session[]): boolean =>
  sessions.some((s) => s.tiers.length > 0 && !s.tiers.some(({ name }) => name.endsWith('test')))
