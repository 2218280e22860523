import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Physical cores this process may use: hyper-threads share one vector unit and only slow matrix products down. */
export function physicalCores(): number {
  const available = availableParallelism()
  if (process.platform !== 'linux') return available
  return Math.max(1, Math.min(available, coresIn(cpuText()) || available))
}

/** Threads within one operation: TF_NUM_INTRAOP_THREADS, else what is wished, else the physical cores. */
export function engineThreads(wished?: number): number {
  const set = Number(process.env['TF_NUM_INTRAOP_THREADS'])
  return Number.isInteger(set) && set > 0 ? set : (wished ?? physicalCores())
}

const EXTENSIONS = [
  ...['sse4_1', 'avx', 'avx2', 'fma', 'avx_vnni', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'avx512_fp16'],
  ...['amx_bf16', 'asimd', 'sve'],
]

/** Names of the vector extensions that decide the speed of TensorFlow's kernels. */
export function vectorFeatures(cpuinfo: string = cpuText()): readonly string[] {
  const flags = new Set((/^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? '').trim().split(/\s+/))
  return EXTENSIONS.filter((f) => flags.has(f))
}

/** Distinct (socket, core) pairs in the text of /proc/cpuinfo; 0 where it does not say. */
export function coresIn(cpuinfo: string): number {
  const cores = new Set<string>()
  for (const block of cpuinfo.split(/\n\s*\n/)) {
    const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1]
    if (core !== undefined) cores.add(`${/^physical id\s*:\s*(\d+)/m.exec(block)?.[1] ?? 0}:${core}`)
  }
  return cores.size
}

function cpuText(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}
