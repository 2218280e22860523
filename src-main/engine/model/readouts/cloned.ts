import type { Tensor1D } from '@tensorflow/tfjs-core'
import { add, mul } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { constant, parameter, valueOf } from '../base/param-spec.ts'
import { readoutRow } from './features.ts'
import type { Readout, ReadoutSite } from './readout.ts'

/**
 * The readout of another session times a gain, plus an offset, both learned per unit (`ClonedReadout` of
 * neuralpredictors): the same units recorded again. It reads every tensor of the other readout, and its regulariser is
 * that one's. `numbers`: numbers per unit that the readout gives.
 */
export function clonedReadout(
  site: ReadoutSite,
  source: { readonly readout: Readout; readonly site: ReadoutSite },
  numbers = 1,
): Readout {
  const { place, units } = site
  if (units !== source.site.units) throw notTheSame(site, source.site)
  const shape = [units * numbers]
  const gain = parameter(place, 'alpha', { shape, init: constant(1), role: 'features' })
  const offset = parameter(place, 'beta', { shape, init: constant(0), role: 'bias' })
  const specs = [gain, offset]
  const theirs = source.site.place.torch
  return {
    specs,
    ranges: new Map(),
    borrowed: new Map(
      source.readout.specs.map((s) => [s.name, `${place.torch}._source${s.torch.name.slice(theirs.length)}`]),
    ),
    row: readoutRow(site, 'cloned readout', specs, units),
    apply: (map, params, context, call) => {
      const read = source.readout.apply(map, params, context, call)
      const [alpha, beta] = [gain, offset].map((spec) => valueOf<Tensor1D>(params, spec.name))
      return add(mul(read, alpha!), beta!)
    },
    penalty: (params) => source.readout.penalty(params),
  }
}

const notTheSame = (site: ReadoutSite, source: ReadoutSite): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: 'model.config.clone_readout',
    message: `${site.place.name} has ${site.units} units and ${source.place.name}, which it would copy, ${source.units}.`,
    hint: 'Only recordings of the same units can share one readout; set clone_readout to false.',
  })
