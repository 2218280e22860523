import type { EngineSetting } from '../../../../src-shared/contract/engine-proof.ts'

/** Variables that decide which kernels the library takes; it reads them once, when it is loaded. */
const KERNEL_VARIABLES = [
  'ONEDNN_MAX_CPU_ISA',
  'DNNL_MAX_CPU_ISA',
  'TF_ENABLE_ONEDNN_OPTS',
  'NVIDIA_TF32_OVERRIDE',
]
/** Names of the variables that this program has set: a child must not take them for a person's wish. */
const OURS = 'COTRAIN_ENGINE_SET'

const ours = (): readonly string[] => (process.env[OURS] ?? '').split(',').filter((name) => name !== '')

/** Variables about kernels that somebody has set for this program. They are kept. */
export function askedVariables(): Record<string, string> {
  const set = KERNEL_VARIABLES.filter((name) => isSetByPerson(name))
  return Object.fromEntries(set.map((name) => [name, process.env[name]!]))
}

/** Of a card, a part of its memory at a time; and float32 as it says, which Ampere and newer would shorten to 19 bits. */
const OF_CARDS = { TF_FORCE_GPU_ALLOW_GROWTH: 'true', NVIDIA_TF32_OVERRIDE: '0' } as const

/** Those of {@link OF_CARDS} that nobody has set for this program. */
function ofCards(): Record<string, string> {
  return Object.fromEntries(Object.entries(OF_CARDS).filter(([name]) => !isSetByPerson(name)))
}

const isSetByPerson = (name: string): boolean => process.env[name] !== undefined && !ours().includes(name)

/** What a child needs in its environment to compute under a setting, ours of this process taken back. */
export function childVariables({ env }: EngineSetting, threads: number): Record<string, string | undefined> {
  const cleared = Object.fromEntries(ours().map((name) => [name, undefined]))
  return {
    ...cleared,
    ...ofCards(),
    ...env,
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1', // ops are issued one by one, so a second inter-op thread only waits
  }
}

/** Sets up this process for a library that is about to be loaded. */
export function setVariables(setting: EngineSetting): void {
  const variables: Readonly<Record<string, string>> = { ...ofCards(), ...setting.env }
  const names = Object.keys(variables)
  for (const name of names) process.env[name] = variables[name]
  if (names.length > 0) process.env[OURS] = [...new Set([...ours(), ...names])].join()
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  process.env['TF_NUM_INTEROP_THREADS'] ??= '1'
}
