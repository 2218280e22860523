import type { Params } from '../../../src-shared/contract/contract.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import type { AnsweredImage, WorstImages } from '../../../src-shared/contract/run-answers.ts'
import type { NamedArrays } from '../../engine/types.ts'
import { readResult } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'
import { imagesAsPng } from '../../data/describe/image-png.ts'
import { readArrays } from './run-arrays.ts'
import type { TestImages } from './test-images.ts'

type Values = ArrayLike<number>

/** What the final evaluation kept of every test image. */
interface Answers {
  readonly index: Values
  readonly answer: Values
  readonly probability: Values
  /** Runs of early versions have neither. */
  readonly label: Values | null
  readonly confidence: Values | null
}

type Open = () => Promise<TestImages>

/**
 * The test images that a run got wrong, surest mistake first; of one cell of the confusion where asked for, the images
 * least like their class first on the diagonal. Without the data there are still the answers, with the reason.
 */
export async function worstImages(
  store: RunStore,
  { id, limit, truth, answer }: Params<'runs.worstImages'>,
  open: Open,
): Promise<WorstImages | null> {
  const answers = answersOf(readArrays(store, id))
  if (answers === null) return null
  const opened = await opening(open, answers)
  try {
    const labels = answers.label ?? (opened.images && labelsAt(opened.images, answers.index))
    if (labels === null) throw new CotrainError(opened.problems)
    const found = chosen(answers, labels, { truth, answer })
    const shown = found.slice(0, limit)
    const pngs =
      opened.images &&
      (await imagesAsPng(
        opened.images.images,
        shown.map(({ index }) => index),
      ))
    const classNames =
      readResult(store.files(id).folder)?.classNames ?? opened.images?.classNames.slice() ?? []
    return {
      classNames,
      tested: answers.index.length,
      found: found.length,
      order: answers.confidence === null ? 'probability' : 'confidence',
      images: shown.map((image, i) => ({ ...image, png: pngs?.[i] ?? null })),
      problems: [...opened.problems],
    }
  } finally {
    opened.images?.close()
  }
}

function answersOf(arrays: NamedArrays): Answers | null {
  const of = (name: string): Values | null => arrays.get(`test/${name}`)?.data ?? null
  const [index, answer, probability] = [of('index'), of('answer'), of('probability')]
  if (index === null || answer === null || probability === null || index.length === 0) return null
  return { index, answer, probability, label: of('label'), confidence: of('confidence') }
}

async function opening(
  open: Open,
  { index, label }: Answers,
): Promise<{ images: TestImages | null; problems: readonly Problem[] }> {
  try {
    const images = await open()
    const labels = labelsAt(images, index)
    const agrees = label === null || Array.from(label).every((l, i) => l === labels[i])
    if (agrees) return { images, problems: [] }
    images.close()
    const message = 'the classes of the test images are not those that the run was tested with.'
    return { images: null, problems: [{ code: 'data-changed', message }] }
  } catch (error) {
    return { images: null, problems: toProblems(error) }
  }
}

const labelsAt = ({ labels }: TestImages, index: Values): Values =>
  Array.from(index, (i) => labels[i] ?? Number.NaN)

function chosen(
  { index, answer, probability, confidence }: Answers,
  labels: Values,
  cell: { truth: number | null; answer: number | null },
): Omit<AnsweredImage, 'png'>[] {
  const isDiagonal = cell.truth !== null && cell.truth === cell.answer
  const all = Array.from(index, (at, i) => ({
    index: at,
    truth: labels[i]!,
    answer: answer[i]!,
    probability: probability[i]!,
    confidence: confidence === null ? null : confidence[i]!,
  }))
  const sure = (p: (typeof all)[number]): number => (isDiagonal ? null : p.confidence) ?? 1 - p.probability
  return all
    .filter((p) => (cell.truth ?? p.truth) === p.truth && (cell.answer ?? p.answer) === p.answer)
    .filter((p) => isDiagonal || p.truth !== p.answer)
    .sort((a, b) => sure(b) - sure(a) || a.index - b.index)
}
