/** Words that are explained where they stand. Those of the glossary say what `docs/glossary.md` says. */
export const WORDS = {
  pool: 'Pool: trials that the file gives to no part. An experiment draws training and validation from them, and a test part where it asks for one.',
  'oracle correlation':
    'correlation of a trial with the mean of the other repeats: what the data themselves can predict',
  'explainable variance': 'share of the variance over trials that repeats of an image have in common',
  'Fano factor': 'variance of the responses over their mean; about 1 for counts of a Poisson process',
  meanResponse:
    'Mean over trials and units of a session, on the scale of the file: spikes per counting window, a rate, or a fluorescence.',
  levels:
    'Mean and standard deviation of all pixels, for each channel, on the scale of the images: 0 is black, 255 white for 8 bits.',
  grey: 'Images whose channels are equal, however they are stored.',
} as const
