import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { FullGaussFields } from '../../../../src-shared/schema/model/readout-fields.ts'
import type { FullGaussian2dOptions } from '../readouts/full-gaussian2d.ts'
import { fullGaussian2d } from '../readouts/full-gaussian2d.ts'
import type { PredictorOptions } from '../readouts/position-source.ts'
import type { Readout, ReadoutSite } from '../readouts/readout.ts'
import type { SharedTensor } from '../readouts/sharing-index.ts'
import type { SessionShape } from '../base/shape.ts'

export type FullGaussConfig = FullGaussFields & {
  readonly readout_bias: boolean
  readonly gamma_readout: number
}

/** A full Gaussian readout of one session; the first session owns what is shared. */
export function configuredFullGauss(
  c: FullGaussConfig,
  site: ReadoutSite,
  session: SessionShape,
  first: SessionShape,
  more: Pick<FullGaussian2dOptions, 'outputs' | 'remap'> = {},
): Readout {
  const owner = (leaf: string): string | null =>
    session === first ? null : ownerName(site, session, first, leaf)
  const shared = (leaf: string): SharedTensor => ({ owner: owner(leaf), matchIds: idsOf(session) })
  const options: FullGaussian2dOptions = {
    initMuRange: c.init_mu_range,
    initSigma: c.init_sigma,
    gaussType: c.gauss_type,
    bias: c.readout_bias,
    gamma: c.gamma_readout,
    ...more,
    ...(c.grid_mean_predictor === null ? {} : { predictor: predictorOf(c.grid_mean_predictor, session) }),
    ...(c.share_features ? { sharedFeatures: shared('features') } : {}),
    ...(c.share_grid ? { sharedGrid: shared('mu') } : {}),
  }
  return fullGaussian2d(site, options)
}

const ownerName = (site: ReadoutSite, session: SessionShape, first: SessionShape, leaf: string): string =>
  `${site.place.name.slice(0, -session.key.length)}${first.key}.${leaf}`

function predictorOf(
  c: NonNullable<FullGaussConfig['grid_mean_predictor']>,
  session: SessionShape,
): PredictorOptions {
  if (session.sourceGrid === undefined)
    throw missing(session, 'grid_mean_predictor', 'cortical coordinates of its units')
  return {
    source: session.sourceGrid,
    hiddenLayers: c.hidden_layers,
    hiddenFeatures: c.hidden_features,
    finalTanh: c.final_tanh,
  }
}

function idsOf(session: SessionShape): ArrayLike<number> {
  if (session.matchIds === undefined) throw missing(session, 'share_features', 'identities of its units')
  return session.matchIds
}

const missing = (session: SessionShape, option: string, what: string): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: `model.config.${option}`,
    message: `session ${session.key} does not give the ${what}.`,
    hint: 'Switch the option off, or import the session with them.',
  })
