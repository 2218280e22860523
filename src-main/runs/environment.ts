import { cpus, platform, release, totalmem } from 'node:os'
import type { RunEnvironment } from '../../src-shared/contract/run.ts'
import { NONDETERMINISTIC_ON_GPU } from '../engine/tensor/nondeterminism.ts'
import type { BackendFacts } from './engine-parts.ts'

/** What the run is made with. */
export function environmentOf(backend: BackendFacts, appVersion: string): RunEnvironment {
  const author = process.env['COTRAIN_AUTHOR'] ?? ''
  return {
    app: appVersion,
    ...(author === '' ? {} : { author }),
    node: process.version,
    backend: backend.name,
    backendReason: backend.reason,
    tensorflow: backend.tfVersion === '' ? null : backend.tfVersion,
    gpu: backend.gpu,
    device: backend.gpu ? 'GPU:0' : 'CPU:0',
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads: backend.threads,
    os: `${platform()} ${release()}`,
    memoryBytes: totalmem(),
    nondeterministic: backend.gpu ? [...NONDETERMINISTIC_ON_GPU] : [],
    ...(backend.name === 'native' ? kernelSetting() : {}),
    ...(backend.proof === undefined ? {} : { proof: backend.proof }),
  }
}

/** Variables by which TensorFlow chooses its kernels on a processor. */
const KERNEL_VARIABLES = ['ONEDNN_MAX_CPU_ISA', 'TF_ENABLE_ONEDNN_OPTS']

function kernelSetting(): { setting?: string } {
  const set = KERNEL_VARIABLES.filter((name) => (process.env[name] ?? '') !== '')
  return set.length === 0 ? {} : { setting: set.map((name) => `${name}=${process.env[name]}`).join(' ') }
}
