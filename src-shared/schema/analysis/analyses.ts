import { z } from 'zod'
import type { Problem } from '../../contract/errors.ts'
import { choice, int, nullable, number } from '../field.ts'
import { problemsOf } from '../problem-words.ts'

/** One analysis of a trained network and its options: validation, form, reference page and command line are read from here. */
interface AnalysisDescription<S extends z.ZodObject = z.ZodObject> {
  readonly title: string
  readonly help: string
  /** What must not be read out of it. */
  readonly limits: string
  readonly schema: S
}

const described = <T extends z.ZodRawShape>(
  title: string,
  help: string,
  limits: string,
  fields: T,
): AnalysisDescription<z.ZodObject<T>> => ({ title, help, limits, schema: z.strictObject(fields) })

/** Shared by analyses that need the receptive field of a unit. */
const images = int({
  default: 100,
  min: 2,
  max: 2000,
  label: 'Images',
  help: 'Images of its own recording at which gradients are taken, test images first.',
})

const seed = int({
  default: 1,
  min: 0,
  advanced: true,
  label: 'Seed',
  help: 'Of everything that is drawn: noise, jitter, shuffled responses.',
})

export const ANALYSES = {
  'receptive-field': described(
    'Receptive field',
    'The gradient of a unit’s predicted response at many images: its mean, the two directions that gradients share most, and how much each pixel matters; beside it the average image that the recorded responses are weighted by, and where the readout looks.',
    'It shows what the network reads, which is what the neuron reads only as far as the network predicts it. A mean gradient near zero with a strong first component is a complex cell, not a unit without a field. Averages of natural images are blurred by what neighbouring pixels share.',
    {
      images,
      recorded: int({
        default: 3000,
        min: 0,
        max: 50_000,
        label: 'Recorded images',
        help: 'Training images of the response-weighted average; 0: none.',
      }),
      shuffles: int({
        default: 99,
        min: 19,
        max: 2000,
        advanced: true,
        label: 'Shuffles',
        help: 'Permutations of the responses that the average is tested against.',
      }),
      seed,
    },
  ),
  tuning: described(
    'Tuning to gratings',
    'Responses of the network to gratings: preferred orientation and spatial frequency with their widths, F1/F0, size with surround suppression, contrast. Curves are fitted; intervals hold 95 % of the fits to redrawn phases.',
    'Gratings are unlike the images of the training: a network can be wrong about them where it predicts images well. Intervals tell how phases differ, neither noise nor other seeds.',
    {
      orientations: int({
        default: 12,
        min: 4,
        max: 72,
        label: 'Orientations',
        help: 'Evenly spaced over 180 degrees.',
      }),
      frequencies: int({
        default: 8,
        min: 3,
        max: 40,
        label: 'Frequencies',
        help: 'Evenly spaced in octaves between the lowest and the highest.',
      }),
      lowest: number({
        default: 1,
        above: 0,
        max: 500,
        scale: 'log',
        unit: 'cycles/image',
        label: 'Lowest frequency',
        help: 'Cycles over the width of the image.',
      }),
      highest: nullable(z.number().gt(0).max(1000), {
        unit: 'cycles/image',
        label: 'Highest frequency',
        help: 'Cycles over the width of the image; empty: a third of its width in pixels.',
      }),
      phases: int({ default: 8, min: 4, max: 64, label: 'Phases', help: 'Evenly spaced over a cycle.' }),
      sizes: int({
        default: 8,
        min: 3,
        max: 40,
        label: 'Sizes',
        help: 'Round windows over the unit’s field, from 4 pixels across to the whole image.',
      }),
      contrasts: int({
        default: 8,
        min: 4,
        max: 40,
        label: 'Contrasts',
        help: 'From a twentieth of the contrast to twice it.',
      }),
      contrast: number({
        default: 0.7,
        above: 0,
        max: 10,
        label: 'Contrast',
        help: 'RMS of a full grating, in standard deviations of the images that the network knows.',
      }),
      pixels_per_degree: nullable(z.number().gt(0), {
        label: 'Pixels per degree',
        help: 'Of the images as the network reads them; gives frequencies in cycles per degree too.',
      }),
      draws: int({
        default: 100,
        min: 20,
        max: 2000,
        advanced: true,
        label: 'Draws',
        help: 'Redrawn phases of an interval.',
      }),
      images,
      seed,
    },
  ),
  mei: described(
    'Most exciting inputs',
    'Images that excite a unit of the network most and least, by gradient ascent from noise at one contrast, with a blurred gradient and jitter, within what a screen can show. Other runs answer them as a check.',
    'An image that excites the network need not excite the neuron: show it in a recording, and prefer images that other seeds answer as strongly. Images of different starts that differ mean that there is no single best one.',
    {
      contrast: number({
        default: 0.5,
        above: 0,
        max: 10,
        label: 'Contrast',
        help: 'RMS of the image, in standard deviations of the images that the network knows.',
      }),
      steps: int({ default: 100, min: 5, max: 5000, label: 'Steps', help: 'Of the gradient ascent.' }),
      starts: int({
        default: 3,
        min: 1,
        max: 20,
        label: 'Starts',
        help: 'From noise of their own; the best one is shown.',
      }),
      step_size: number({
        default: 0.3,
        above: 0,
        max: 2,
        advanced: true,
        label: 'Step size',
        help: 'Length of the first step as a part of the image’s; it falls to a tenth.',
      }),
      blur: number({
        default: 1,
        min: 0,
        max: 20,
        unit: 'px',
        label: 'Blur of the gradient',
        help: 'Standard deviation of a Gaussian; more gives smoother images. 0: none.',
      }),
      jitter: int({
        default: 1,
        min: 0,
        max: 50,
        unit: 'px',
        label: 'Jitter',
        help: 'The image is moved by up to so much before each gradient, so that single pixels do not count.',
      }),
      images,
      seed,
    },
  ),
  similarity: described(
    'Similarity of layers',
    'How alike the layers of the network represent a fixed set of images: among each other, to the layers of other runs, and to the responses of a recording. Linear CKA with and without its bias, RSA, SVCCA, and how well each layer predicts the recorded units by ridge regression on images that had no part in the fit.',
    'Alike on these images, by these measures: none of them says that two layers compute the same. Layers that were trained on a recording predict it better for that reason; compare with a run that was not. CKA with its bias grows with the number of features; read the debiased one. SVCCA of few images is high for anything.',
    {
      pictures: choice(['recording', 'classification'], {
        default: 'recording',
        label: 'Images',
        help: 'Of a recording, whose responses are compared too, or of the image classification.',
      }),
      session: nullable(z.string().min(1).max(400), {
        label: 'Session',
        help: 'Whose images are shown and whose responses are compared; empty: the first of the run.',
      }),
      part: choice(['test', 'held-out'], {
        default: 'test',
        label: 'Part',
        help: 'Test images, or test and validation images: no image that the network was fitted to.',
      }),
      images: int({
        default: 200,
        min: 8,
        max: 500,
        label: 'Number of images',
        help: 'Drawn by the seed where there are more.',
      }),
      layers: nullable(z.string().min(1).max(4000), {
        label: 'Layers',
        help: 'Names with commas; empty: up to 24 over the depth of the network, each behind its nonlinearity.',
      }),
      features: int({
        default: 2000,
        min: 50,
        max: 5000,
        label: 'Features',
        help: 'Layers with more outputs are reduced to about so many.',
      }),
      reduction: choice(['projection', 'spatial-mean'], {
        default: 'projection',
        label: 'Reduction',
        help: 'Of such layers: a random projection, which keeps distances up to about the square root of 2 / features, or the mean over space of each channel.',
      }),
      dissimilarity: choice(['correlation', 'squared-euclidean'], {
        default: 'correlation',
        label: 'Dissimilarity',
        help: 'Between two images in an RDM: 1 - correlation, or the squared distance.',
      }),
      rsa: choice(['spearman', 'pearson'], {
        default: 'spearman',
        label: 'RSA',
        help: 'Correlation of two RDMs, of ranks or of values.',
      }),
      components: int({
        default: 20,
        min: 2,
        max: 200,
        advanced: true,
        label: 'Components',
        help: 'The most principal components of SVCCA; at most a tenth of the images says something.',
      }),
      folds: int({
        default: 5,
        min: 2,
        max: 20,
        advanced: true,
        label: 'Folds',
        help: 'Parts of the images that are held out in turn when units are predicted.',
      }),
      seed: int({
        default: 1,
        min: 0,
        advanced: true,
        label: 'Seed',
        help: 'Of the images drawn, the projection, the folds and the halves of the repeats.',
      }),
    },
  ),
} as const

export type AnalysisKind = keyof typeof ANALYSES
export type AnalysisOptions<K extends AnalysisKind> = Readonly<z.output<(typeof ANALYSES)[K]['schema']>>

/** Whether an analysis asks units, and not layers. */
export const isOfUnits = (kind: AnalysisKind): boolean => kind !== 'similarity'

/** Whether further runs can take part in an analysis. */
export const takesOthers = (kind: AnalysisKind): boolean => kind === 'mei' || kind === 'similarity'

/** Schema of the options of an analysis. */
export const analysisSchema = (kind: AnalysisKind): z.ZodObject => ANALYSES[kind].schema

/** Checks the options of an analysis and fills in defaults; unknown names are told with the nearest. */
export function parseAnalysisOptions(
  kind: AnalysisKind,
  given: unknown,
): { readonly options: Readonly<Record<string, unknown>> } | { readonly problems: readonly Problem[] } {
  const schema = analysisSchema(kind)
  const result = schema.safeParse(given ?? {})
  return result.success ? { options: result.data } : { problems: problemsOf(result.error, schema, given, '') }
}
