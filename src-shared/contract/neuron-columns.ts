/** What the columns of the table of units mean, in plain words: for window and terminal. */
interface ColumnHelp {
  readonly name: string
  readonly help: string
}

const HELP: Readonly<Record<string, ColumnHelp>> = {
  correlation: {
    name: 'Test corr.',
    help: 'Correlation of predicted and measured responses over single test trials. Noise of the trials keeps it below 1.',
  },
  avg_correlation: {
    name: 'Corr. to avg.',
    help: 'Correlation of the prediction with the mean response over the repeats of each test image.',
  },
  feve: {
    name: 'FEVe',
    help: 'Part of the explainable variance that is explained: 1 is as good as the noise allows, below 0 is worse than the mean.',
  },
  feve_masked: {
    name: 'FEVe, reliable',
    help: 'FEVe of units with enough explainable variance; the others are left out, because dividing by almost nothing gives numbers without meaning.',
  },
  fev: {
    name: 'Explainable var.',
    help: 'Part of the variance over test trials that the image explains and not the noise. Needs repeated images.',
  },
  oracle: {
    name: 'Oracle',
    help: 'Correlation of each trial with the mean of the other trials of the same image: how reliable the unit is.',
  },
  oracle_cross: {
    name: 'Cross oracle',
    help: 'Correlation over images of the mean of odd repeats with the mean of even ones.',
  },
  validation_correlation: {
    name: 'Validation corr.',
    help: 'Correlation over single trials of the validation images, which chose the weights: no test.',
  },
  validation_avg_correlation: {
    name: 'Validation corr. to avg.',
    help: 'Correlation with the mean over repeats of each validation image, which chose the weights: no test.',
  },
  validation_poisson: {
    name: 'Validation Poisson loss',
    help: 'Summed Poisson loss over the validation trials; less is better.',
  },
  ceiling: {
    name: 'Ceiling',
    help: 'Best correlation that a perfect model could reach on this unit.',
  },
  poisson: { name: 'Poisson loss', help: 'Summed Poisson loss over the test trials; less is better.' },
  mu_x: {
    name: 'Position x',
    help: 'Where the readout looks, from -1 (left edge) to 1 (right edge) of the image.',
  },
  mu_y: {
    name: 'Position y',
    help: 'Where the readout looks, from -1 (top edge) to 1 (bottom edge) of the image.',
  },
}

/** Columns that are known, in reading order. */
export const KNOWN_COLUMNS: readonly string[] = Object.keys(HELP)

/** Columns that score a unit or its data, so that their mean over a session says something; losses are sums over trials. */
export const SCORE_COLUMNS: readonly string[] = [
  'avg_correlation',
  'correlation',
  'feve_masked', // as in the score of the run: a mean over units that hardly answer to images says nothing
  'validation_avg_correlation',
  'validation_correlation',
  'oracle',
  'ceiling',
]

/** A column's name for people. */
export const columnName = (column: string): string => HELP[column]?.name ?? column.replaceAll('_', ' ')

/** What a column means; '' for columns that another version wrote. */
export const columnHelp = (column: string): string => HELP[column]?.help ?? ''
