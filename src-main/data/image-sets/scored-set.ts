import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ScoredPart } from '../../../src-shared/contract/evaluation.ts'
import type { LabelledImages } from '../../engine/types.ts'
import { joinedImages } from '../../io/images/sources/joined-images.ts'
import type { ImageSetFiles } from './image-set-files.ts'

/** What is scored of a set that the network was not trained on. */
export interface ScoredWish {
  readonly part: ScoredPart
  /** Classes of the network, in its order; empty: the set is not classified. */
  readonly classNames: readonly string[]
}

/** The images to score, in every role, with the classes of the network. */
export function scoredSet(set: ImageSetFiles, { part, classNames }: ScoredWish): ImageSetFiles {
  let found: Promise<LabelledImages> | null = null
  const scored = (): Promise<LabelledImages> =>
    (found ??= (part === 'all' ? everything(set) : testPart(set)).then((images) =>
      withClasses(images, classNames, set.path),
    ))
  return { ...set, train: scored, test: scored }
}

async function testPart(set: ImageSetFiles): Promise<LabelledImages> {
  try {
    return await set.test()
  } catch (error) {
    if (!(error instanceof CotrainError) || error.code !== 'data-missing') throw error
    const hint = 'Score every image with --part all, if none of them was trained on.'
    throw new CotrainError(error.problems.map((problem) => ({ ...problem, hint })))
  }
}

async function everything(set: ImageSetFiles): Promise<LabelledImages> {
  const parts: LabelledImages[] = []
  for (const open of [set.train, set.test]) {
    try {
      parts.push(await open())
    } catch (error) {
      if (!(error instanceof CotrainError) || error.code !== 'data-missing') throw error
    }
  }
  const [first] = parts
  if (first === undefined) return set.test()
  return {
    images: joinedImages(parts.map(({ images }) => images)),
    labels: Int32Array.from(parts.flatMap(({ labels }) => [...labels])),
    classNames: first.classNames,
  }
}

const isNumbered = (names: readonly string[]): boolean => names.every((name, i) => name === String(i))

/**
 * Labels as the network knows them: by name; by number where the set has nothing but numbers and as many classes.
 * @throws CotrainError `file-invalid` naming the classes that the network does not know
 */
function withClasses(images: LabelledImages, classNames: readonly string[], path: string): LabelledImages {
  const place = images.classNames.map((name) => classNames.indexOf(name))
  const unknown = images.classNames.filter((_, i) => place[i] === -1)
  const byNumber = unknown.length > 0 && isNumbered(images.classNames)
  if (byNumber && images.classNames.length === classNames.length) return { ...images, classNames }
  if (unknown.length === 0)
    return { ...images, classNames, labels: images.labels.map((label) => place[label] ?? -1) }
  const few = (names: readonly string[]): string =>
    names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ')
  throw new CotrainError({
    code: 'file-invalid',
    path,
    message: `has ${images.classNames.length} classes, the run ${classNames.length}; it does not know ${few(unknown)}.`,
    hint: `Its classes are ${few(classNames)}: name the folders so, or score a run of these classes.`,
  })
}
