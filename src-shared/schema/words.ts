import { ALL_CORRUPTIONS } from './dataset/corruptions.ts'

/** Values that configs spell as code, in words of the field. The one table: what is not in it is shown as it is written. */
const WORDS: Readonly<Record<string, string>> = {
  img_classification: 'classification',
  v1: 'V1',
  v4: 'V4',
  neural: 'responses',
  CrossEntropyLoss: 'cross entropy',
  MSELoss: 'squared error',
  PoissonLoss: 'Poisson',
  NegativeBinomialLoss: 'negative binomial',
  GaussianLoss: 'Gaussian',
  GammaLoss: 'gamma',
  ZIGLoss: 'zero-inflated gamma',
  ZILLoss: 'zero-inflated log-normal',
  ExponentialLoss: 'exponential',
  AnscombeMSE: 'squared error after the Anscombe transform',
  LongCycler: 'as long as the longest',
  ShortCycler: 'as long as the shortest',
  MTL_Cycler: 'interleaved by ratio',
  with_scale: 'with scaling',
  ...Object.fromEntries(ALL_CORRUPTIONS.map((name) => [name, name.replaceAll('_', ' ')])),
  gaussian_noise: 'Gaussian noise',
  gaussian_blur: 'Gaussian blur',
  jpeg_compression: 'JPEG compression',
}

/** A task, a loss or another value of a config as people call it; the name itself where there is no other word. */
export const wordOf = (name: string): string => WORDS[name] ?? name

/** The word with the name that YAML takes, for help: "cross entropy (CrossEntropyLoss)". */
export const wordWithName = (name: string): string => {
  const word = wordOf(name)
  return word.toLowerCase() === name.toLowerCase() ? name : `${word} (${name})`
}
