import type { EngineSetting } from '../../../../src-shared/contract/engine-proof.ts'
import { settingText } from '../../../../src-shared/contract/engine-proof.ts'
import type { FoundFault, ProofOutcome } from './run-proof.ts'

export interface SettingSearch {
  /** Environments in the order in which they are tried; the first is the library as it comes. */
  readonly environments: readonly Readonly<Record<string, string>>[]
  /** Operations that have an own route. */
  readonly ownRoutes: readonly string[]
  /** Proves a setting, over all cases or some. */
  readonly prove: (setting: EngineSetting, only?: readonly number[]) => Promise<ProofOutcome>
}

export interface FoundSetting {
  /** Null where no setting gave right numbers. */
  readonly setting: EngineSetting | null
  /** Result under the setting taken, or under the last one. */
  readonly outcome: ProofOutcome
  /** Faults of the library as it comes. */
  readonly first: readonly FoundFault[]
  readonly tried: readonly { readonly setting: string; readonly checked: number; readonly right: number }[]
}

/** Whether a fault rules a setting out: reduced precision and repeatability can be switched off by themselves. */
export const isBlocking = ({ dtype, kind }: FoundFault): boolean => dtype !== 'bfloat16' && kind !== 'varies'

/**
 * The first setting under which every number is right: for each environment the library alone, then with own routes for
 * the operations at fault. Cases that failed before are run first, so that a setting that does not help is left soon.
 * Where bfloat16 alone is at fault then, its products are added up in float32.
 */
export async function findSetting(search: SettingSearch): Promise<FoundSetting> {
  const found = await findFullPrecision(search)
  return found.setting === null ? found : mendReduced(search.prove, found, found.setting)
}

async function findFullPrecision({ environments, ownRoutes, prove }: SettingSearch): Promise<FoundSetting> {
  const tried: { setting: string; checked: number; right: number }[] = []
  let first: readonly FoundFault[] | null = null
  let outcome: ProofOutcome = { checked: 0, faults: [] }
  const failed = new Set<number>()
  for (const env of environments) {
    let setting: EngineSetting | null = { env: { ...env }, ownRoutes: [], bfloat16Sums: 'library' }
    while (setting !== null) {
      outcome = await proveFailedFirst(prove, setting, [...failed])
      const blocking = outcome.faults.filter(isBlocking)
      first ??= outcome.faults
      const wrong = new Set(blocking.map(({ shape, operation }) => `${operation} ${shape}`)).size
      tried.push({ setting: settingText(setting), checked: outcome.checked, right: outcome.checked - wrong })
      if (blocking.length === 0) return { setting, outcome, first, tried }
      blocking.forEach(({ index }) => failed.add(index))
      setting = withOwnRoutes(setting, blocking, ownRoutes)
    }
  }
  return { setting: null, outcome, first: first ?? [], tried }
}

async function proveFailedFirst(
  prove: SettingSearch['prove'],
  setting: EngineSetting,
  failed: readonly number[],
): Promise<ProofOutcome> {
  if (failed.length > 0) {
    const again = await prove(setting, failed)
    if (again.faults.some(isBlocking)) return again
  }
  return prove(setting)
}

/** The same environment with own routes for the operations at fault; null where one of them has none, or has failed. */
function withOwnRoutes(
  setting: EngineSetting,
  faults: readonly FoundFault[],
  available: readonly string[],
): EngineSetting | null {
  const atFault = [...new Set(faults.map(({ operation }) => operation))]
  const canRoute = atFault.every((name) => available.includes(name) && !setting.ownRoutes.includes(name))
  return canRoute ? { ...setting, ownRoutes: [...setting.ownRoutes, ...atFault] } : null
}

/** Sums in float32, kept where they mend the faults. No kernel of the library for bfloat16 takes part then. */
async function mendReduced(
  prove: SettingSearch['prove'],
  found: FoundSetting,
  before: EngineSetting,
): Promise<FoundSetting> {
  const { checked, faults } = found.outcome
  const isReduced = ({ dtype }: FoundFault): boolean => dtype === 'bfloat16'
  const reduced = faults.filter(isReduced)
  if (reduced.length === 0) return found
  const setting: EngineSetting = { ...before, bfloat16Sums: 'float32' }
  const again = await prove(
    setting,
    reduced.map(({ index }) => index),
  )
  if (again.faults.length > 0) return found
  return { ...found, setting, outcome: { checked, faults: faults.filter((fault) => !isReduced(fault)) } }
}
