import type { EngineSetting } from '../../../../src-shared/contract/engine-proof.ts'

/** Variables that decide which kernels the library takes; it reads them once, when it is loaded. */
const KERNEL_VARIABLES = ['ONEDNN_MAX_CPU_ISA', 'DNNL_MAX_CPU_ISA', 'TF_ENABLE_ONEDNN_OPTS']
/** Names of the variables that this program has set: a child must not take them for a person's wish. */
const OURS = 'COTRAIN_ENGINE_SET'
/** Operations at a time: a captured step has parts that do not wait for each other. */
const INTER_OP = '2'
/** Whether the libraries of NVIDIA shorten float32 factors of products to TensorFloat-32: 0 never, 1 wherever they can. */
const TF32_VARIABLE = 'NVIDIA_TF32_OVERRIDE'
/** TensorFlow's own switches: operations that repeat bit for bit, or are refused. */
const DETERMINISTIC = { TF_DETERMINISTIC_OPS: '1', TF_CUDNN_DETERMINISTIC: '1' } as const

const ours = (): readonly string[] => (process.env[OURS] ?? '').split(',').filter((name) => name !== '')

/** Variables about kernels that somebody has set for this program. They are kept. */
export function askedVariables(): Record<string, string> {
  const set = KERNEL_VARIABLES.filter((name) => isSetByPerson(name))
  return Object.fromEntries(set.map((name) => [name, process.env[name]!]))
}

/** Of a card, a part of its memory at a time; and float32 as it says, which Ampere and newer would shorten to 19 bits. */
const OF_CARDS = { TF_FORCE_GPU_ALLOW_GROWTH: 'true', [TF32_VARIABLE]: '0' } as const

const isSetByPerson = (name: string): boolean => process.env[name] !== undefined && !ours().includes(name)

/** How a process computes, beyond its setting; both are fixed when the library is loaded. */
export interface Numbers {
  /** Factors of float32 products are shortened to TensorFloat-32 on a card that can. */
  readonly tf32: boolean
  /** Operations repeat bit for bit. */
  readonly deterministic: boolean
}

export const PLAIN_NUMBERS: Numbers = { tf32: false, deterministic: false }

const variablesOf = ({ tf32, deterministic }: Numbers) => ({
  [TF32_VARIABLE]: tf32 ? '1' : '0',
  ...(deterministic ? DETERMINISTIC : {}),
})

/** What a process gets that is to compute so; a variable that a person has set stays, and is judged by that process. */
export function numbersVariables(numbers: Numbers): Record<string, string> {
  const given = Object.entries(variablesOf(numbers)).filter(([name]) => !isSetByPerson(name))
  const names = [...new Set([...ours(), ...given.map(([name]) => name)])]
  return { ...Object.fromEntries(given), [OURS]: names.join() }
}

/** How this process computes: what its variables say, as the library reads them. */
export const numbersHere = (): Numbers => ({
  tf32: process.env[TF32_VARIABLE] === '1',
  deterministic: ['1', 'true'].includes(process.env['TF_DETERMINISTIC_OPS'] ?? ''),
})

/** What somebody has set for {@link TF32_VARIABLE} for this program; null where it is left to us. */
export const askedTf32 = (): string | null =>
  isSetByPerson(TF32_VARIABLE) ? (process.env[TF32_VARIABLE] ?? null) : null

/** What a child needs in its environment to compute under a setting and in these numbers, whatever this process computes in. */
export function childVariables(
  { env }: EngineSetting,
  threads: number,
  numbers: Numbers = PLAIN_NUMBERS,
): Record<string, string | undefined> {
  const cleared = Object.fromEntries(
    [...ours(), ...Object.keys(DETERMINISTIC)].map((name) => [name, undefined]),
  )
  return {
    ...cleared,
    ...env,
    ...variablesOf(numbers),
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: INTER_OP,
  }
}

/** Sets up this process for a library that is about to be loaded; what its starter has given it stays. */
export function setVariables(setting: EngineSetting): void {
  const missing = Object.entries(OF_CARDS).filter(([name]) => process.env[name] === undefined)
  const variables: Readonly<Record<string, string>> = { ...Object.fromEntries(missing), ...setting.env }
  const names = Object.keys(variables)
  for (const name of names) process.env[name] = variables[name]
  if (names.length > 0) process.env[OURS] = [...new Set([...ours(), ...names])].join()
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  process.env['TF_NUM_INTEROP_THREADS'] ??= INTER_OP
}
