import { basename } from 'node:path'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'
import type { EngineChoice } from './engine-choice.ts'
import type { ProvisionOptions } from './provision.ts'
import { givenWheel } from './route-wheel.ts'
import { TENSORFLOW, TENSORFLOW_CUDA } from './tensorflow-release.ts'

/** A file that a person gave for the set-up. */
export interface GivenWheel {
  /** With what the engine is set up from it. */
  readonly provision: Pick<ProvisionOptions, 'from' | 'routes' | 'why'>
  /** What it costs, where it is not the one that fits the machine best. */
  readonly note: string | null
}

const CARD_WHEEL = `${TENSORFLOW_CUDA.project} ${TENSORFLOW_CUDA.version}`
const PROCESSOR_WHEEL = `${TENSORFLOW.project} ${TENSORFLOW.version}`

/** Which file is meant by "from a file", for people; null where none is published for the system. */
export function wantedFile({ release }: Pick<EngineChoice, 'release'>): string | null {
  if (release === TENSORFLOW_CUDA)
    return `the wheel of ${CARD_WHEEL} with the packages of CUDA beside it, or that of ${PROCESSOR_WHEEL}, with which the card is not used`
  return release === TENSORFLOW ? `the wheel of ${PROCESSOR_WHEEL}` : null
}

/**
 * Takes the wheel that fits the machine; where that is one for a card, also the one for the processor, and says that the card will
 * not be used.
 * @throws CotrainError `file-missing` where the file or folder has neither, or where a card was asked for
 */
export async function acceptGiven(
  from: string,
  choice: Pick<EngineChoice, 'release'>,
  wish: EngineWish,
): Promise<GivenWheel> {
  if (choice.release !== TENSORFLOW_CUDA) {
    await givenWheel(from, TENSORFLOW)
    return { provision: { from }, note: null }
  }
  const isForCard = await holds(from, TENSORFLOW_CUDA)
  if (isForCard) return { provision: { from }, note: null }
  const isForProcessor = await holds(from, TENSORFLOW)
  if (!isForProcessor || wish === 'gpu')
    throw new CotrainError({
      code: 'file-missing',
      path: from,
      message: isForProcessor
        ? `has the wheel of ${PROCESSOR_WHEEL} alone, which is for the processor; a card was asked for.`
        : `has no wheel of ${CARD_WHEEL} (for the card) and none of ${PROCESSOR_WHEEL} (for the processor).`,
      hint: `Give ${wantedFile(choice) ?? 'one of them'} (docs/install.md).`,
    })
  const note = `${basename(from)} holds ${PROCESSOR_WHEEL}, which is for the processor: the card will not be used. For the card give the wheel of ${CARD_WHEEL} with the packages of CUDA.`
  return { provision: { from, routes: ['wheel'], why: note }, note }
}

const holds = (from: string, release: typeof TENSORFLOW): Promise<boolean> =>
  givenWheel(from, release).then(
    () => true,
    () => false,
  )
