import type { Result } from '../contract/contract.ts'
import type { Area } from './suggestions.ts'
import { isArea } from './suggestions.ts'

type DataSet = Result<'data.get'>

/** The responses of a co-training: sessions of a registered recording, or the population that is shipped. */
export type Responses =
  | { readonly kind: 'simulated' }
  | {
      readonly kind: 'recorded'
      readonly set: DataSet
      readonly sessions: readonly string[]
      /** null: neither the file nor a person has said it. */
      readonly area: Area | null
    }

/** The pictures: a registered set, or the digits that are shipped. */
export type Pictures = { readonly kind: 'digits' } | { readonly kind: 'set'; readonly set: DataSet }

/** The settings that a family may have, in the order in which they are trained. */
export const SETTINGS = ['pictures', 'cotrained', 'shuffled', 'responses'] as const
export type Setting = (typeof SETTINGS)[number]

/** What each setting is called, and what it is there for. */
export const SETTING_WORDS: Readonly<Record<Setting, { readonly label: string; readonly why: string }>> = {
  pictures: {
    label: 'Pictures alone',
    why: 'The baseline: the same network and pictures, without responses.',
  },
  cotrained: {
    label: 'Co-trained',
    why: 'One core learns the pictures and predicts the responses.',
  },
  shuffled: {
    label: 'Shuffled responses',
    why: 'As co-trained, but each response belongs to another image: what is left is regularisation.',
  },
  responses: {
    label: 'Responses alone',
    why: 'Tells how well the responses can be predicted without pictures.',
  },
}

/** Seeds that a choice of one, three or five stands for. */
export const SEEDS = [1000, 2000, 3000, 4000, 5000] as const

/** How long the runs train; what each means is said by {@link lengthWords}. */
export type Length = 'quick' | 'full'

interface LengthFacts {
  readonly epochs: number
  /** Share of the training pictures, of the test pictures, and of those that every corruption uses. */
  readonly trainSubset: number
  readonly testSubset: number
  readonly flySubset: number
  readonly severities: readonly number[]
}

const LENGTHS: Readonly<Record<Length, LengthFacts>> = {
  quick: { epochs: 4, trainSubset: 0.1, testSubset: 0.2, flySubset: 0.2, severities: [1, 3, 5] },
  full: { epochs: 20, trainSubset: 1, testSubset: 1, flySubset: 0.2, severities: [1, 2, 3, 4, 5] },
}
/** With fewer pictures a network learns, and is scored, by chance: of small sets a larger share is taken. */
const FEWEST = { train: 2000, test: 1000, fly: 500 } as const

/** What a length means for these pictures. */
export function lengthFacts(length: Length, pictures: Pictures | null): LengthFacts {
  const facts = LENGTHS[length]
  if (pictures?.kind !== 'set') return facts
  const of = (part: string): number => pictures.set.parts?.find(({ name }) => name === part)?.images ?? 0
  const tests = of('test') > 0 ? of('test') : of('val')
  const testSubset = atLeast(facts.testSubset, FEWEST.test, tests)
  return {
    ...facts,
    trainSubset: atLeast(facts.trainSubset, FEWEST.train, of('train')),
    testSubset,
    flySubset: atLeast(facts.flySubset, FEWEST.fly, tests * testSubset),
  }
}

/** The share of `count` pictures, or a larger one that has the fewest; all where there are no more. */
const atLeast = (share: number, fewest: number, count: number): number =>
  Math.min(1, Math.max(share, Math.ceil((1000 * fewest) / Math.max(1, count)) / 1000))

/** The same in words. */
export function lengthWords(length: Length, pictures: Pictures | null): string {
  const { epochs, trainSubset, testSubset, flySubset, severities } = lengthFacts(length, pictures)
  const scored = `scored on ${shareWords(testSubset, 'the test pictures')}`
  const corrupted = `8 corruptions at ${severities.length} severities, on ${shareWords(flySubset, 'them')}`
  return `${epochs} epochs on ${shareWords(trainSubset, 'the pictures')} and all responses; ${scored} and on ${corrupted}.`
}

function shareWords(share: number, what: string): string {
  if (share >= 1) return `all of ${what}`
  if (share === 0.1) return `a tenth of ${what}`
  return share === 0.2 ? `a fifth of ${what}` : `${Math.round(100 * share)} % of ${what}`
}

/** The two cores on offer. */
export type Network = 'small' | 'published'

export const NETWORK_WORDS: Readonly<Record<Network, string>> = {
  small: 'Small: VGG-11 with batch norm, an eighth to a third of its channels',
  published: 'Published: VGG-19 with batch norm, all channels, SGD',
}

/** Everything that a person chooses for a new co-training. */
export interface Choices {
  readonly responses: Responses | null
  readonly pictures: Pictures | null
  readonly settings: readonly Setting[]
  readonly seeds: 1 | 3 | 5
  readonly length: Length
  readonly network: Network
}

/** Sessions of the recording that are chosen. */
export const chosenSessions = (responses: Responses): NonNullable<DataSet['sessions']> =>
  responses.kind === 'simulated'
    ? []
    : (responses.set.sessions ?? []).filter(({ session }) => responses.sessions.includes(session))

/** Why these choices cannot become runs, in words; empty where they can. */
export function obstacles({ responses, pictures, settings }: Choices): readonly string[] {
  const out: string[] = []
  if (responses === null) out.push('Choose responses.')
  else if (responses.kind === 'recorded') out.push(...recordingObstacles(responses))
  if (pictures === null) out.push('Choose pictures.')
  else if (pictures.kind === 'set') out.push(...pictureObstacles(pictures.set))
  if (settings.length === 0) out.push('Tick at least one setting.')
  return out
}

function recordingObstacles(responses: Recorded): readonly string[] {
  const { name, present } = responses.set
  if (!present) return [`The files of "${name}" are not where they were: find them again on the data page.`]
  if (responses.set.stimuli === undefined)
    return [`"${name}" has not been looked at since an update: check it again on the data page.`]
  const sessions = chosenSessions(responses)
  if (sessions.length === 0) return [`Tick at least one session of "${name}".`]
  const said = new Set(sessions.map(({ area }) => area.toLowerCase()).filter(isArea))
  if (said.size > 1) return [`The sessions of "${name}" are of V1 and V4: tick those of one area.`]
  if (responses.area === null) return [`Say whether the units of "${name}" were recorded in V1 or in V4.`]
  return []
}

function pictureObstacles({ name, present, parts }: DataSet): readonly string[] {
  if (!present) return [`The files of "${name}" are not where they were: find them again on the data page.`]
  if (parts === undefined)
    return [`"${name}" has not been looked at since an update: check it again on the data page.`]
  const has = (part: string): boolean => parts.some((p) => p.name === part && p.images > 0)
  if (!has('train')) return [`"${name}" has no training pictures.`]
  if (!has('test') && !has('val'))
    return [`"${name}" has neither test nor validation pictures, so nothing could be scored.`]
  return []
}

/** Choices that are complete. */
export type Chosen = Choices & { readonly responses: Located; readonly pictures: Pictures }
/** Responses whose area is known. */
type Located = Exclude<Responses, { kind: 'recorded' }> | (Recorded & { readonly area: Area })
type Recorded = Extract<Responses, { kind: 'recorded' }>

/** The choices, where {@link obstacles} finds none; else null. */
export const complete = (choices: Choices): Chosen | null => {
  const { responses, pictures } = choices
  if (responses === null || pictures === null || obstacles(choices).length > 0) return null
  return isLocated(responses) ? { ...choices, responses, pictures } : null
}

const isLocated = (responses: Responses): responses is Located =>
  responses.kind === 'simulated' || responses.area !== null

/** Names of areas in a text: "V4". */
export const areaWord = (responses: Located): string =>
  responses.kind === 'simulated' ? 'simulated V1' : responses.area.toUpperCase()

/** "V4, 5 sessions, with Tiny ImageNet": what is trained, in words. */
export function titleOf({ responses, pictures, length, network }: Choices): string {
  if (responses === null || pictures === null) return ''
  const count = chosenSessions(responses).length
  const sessions = count === 0 ? '' : `, ${count} ${count === 1 ? 'session' : 'sessions'}`
  const what =
    responses.kind === 'simulated'
      ? 'Simulated V1'
      : `${responses.area?.toUpperCase() ?? 'Responses'} of ${responses.set.name}`
  const shown = pictures.kind === 'digits' ? 'MNIST' : pictures.set.name
  const how = [
    ...(length === 'quick' ? ['quick'] : []),
    ...(network === 'published' ? ['published network'] : []),
  ]
  return `${what}${sessions}, with ${shown}${how.length === 0 ? '' : ` (${how.join(', ')})`}`
}
