import type { DeterministicProof, EngineSetting } from '../../../../src-shared/contract/engine-proof.ts'
import { REFUSED_WHEN_DETERMINISTIC } from '../../../engine/tensor/base/routes.ts'
import type { Numbers } from '../library/engine-environment.ts'
import type { FoundFault, ProofOutcome } from './run-proof.ts'

/** Proves a setting in other numbers, over all cases or some. */
export type ProveNumbers = (
  setting: EngineSetting,
  numbers: Numbers,
  only?: readonly number[],
) => Promise<ProofOutcome>

/** The first sum of products that is not as precise as TensorFloat-32 when a card shortens its factors; null where all are. */
export async function faultOfTf32(prove: ProveNumbers, setting: EngineSetting): Promise<FoundFault | null> {
  const { faults } = await prove(setting, { tf32: true, deterministic: false })
  return faults[0] ?? null
}

export interface DeterministicSearch {
  readonly prove: ProveNumbers
  readonly setting: EngineSetting
  readonly gpu: boolean
  /** What differed between repeats without TensorFlow's switches. */
  readonly varying: readonly FoundFault[]
  /** Operations that have an own route. */
  readonly ownRoutes: readonly string[]
  /** Whether bfloat16 is offered, so that it has to repeat too. */
  readonly bfloat16: boolean
}

export interface FoundDeterministic {
  readonly proof: DeterministicProof
  /** The first operation that no way makes repeat. */
  readonly fault: FoundFault | null
}

/**
 * What repeats bit for bit under TensorFlow's switches: own routes take the place of operations that still vary or are refused.
 * On a card the switches forbid operations, so that every case is run under them; on a processor only what varied.
 */
export async function findDeterministic(search: DeterministicSearch): Promise<FoundDeterministic> {
  const { prove, setting, gpu, varying, ownRoutes, bfloat16 } = search
  let own: readonly string[] = gpu ? REFUSED_WHEN_DETERMINISTIC : []
  let only = gpu ? undefined : varying.map(({ index }) => index)
  for (;;) {
    const tried = { ...setting, ownRoutes: [...new Set([...setting.ownRoutes, ...own])] }
    const outcome = await prove(tried, { tf32: false, deterministic: true }, only)
    const faults = outcome.faults.filter(({ dtype }) => bfloat16 || dtype !== 'bfloat16')
    const atFault = [...new Set(faults.map(({ operation }) => operation))]
    const more = atFault.filter((name) => ownRoutes.includes(name) && !tried.ownRoutes.includes(name))
    if (more.length === 0)
      return { proof: { ownRoutes: [...own], varying: atFault }, fault: faults[0] ?? null }
    own = [...own, ...more]
    only = faults.map(({ index }) => index)
  }
}
