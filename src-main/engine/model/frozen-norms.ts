import type { ParamSpec } from '../types.ts'

const STATISTIC = '.running_mean'

/**
 * Norm layers that `freeze_bn.last_layer` puts into evaluation mode: those whose index in their published sequence is
 * below it, of the shared blocks of the shared network (counted within each block) or of `features` of a classifier.
 */
export function frozenNormNames(specs: readonly ParamSpec[], lastLayer: number): ReadonlySet<string> {
  const names = new Set<string>()
  for (const spec of specs) {
    if (!spec.name.endsWith(STATISTIC)) continue
    const match = /^(?:mtl_vgg_core\.v[14]_block|features)\.(\d+)\.running_mean$/.exec(spec.torch.name)
    if (match !== null && Number(match[1]) < lastLayer) names.add(spec.name.slice(0, -STATISTIC.length))
  }
  return names
}
