import { cpus, platform, release, totalmem } from 'node:os'
import { proofLine, settingText } from '../../../src-shared/contract/engine-proof.ts'
import type { RunEnvironment } from '../../../src-shared/contract/run.ts'
import { NONDETERMINISTIC_ON_GPU } from '../../engine/tensor/nondeterminism.ts'
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
    ...(backend.card === undefined ? {} : { card: backend.card }),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads: backend.threads,
    os: `${platform()} ${release()}`,
    memoryBytes: totalmem(),
    nondeterministic: varying(backend),
    ...unused(backend),
    ...proved(backend),
  }
}

const unused = ({ unusedCards = [] }: BackendFacts): Pick<RunEnvironment, 'unusedCards'> =>
  unusedCards.length === 0 ? {} : { unusedCards: [...unusedCards] }

/** The proof of the native engine and the setting it computes under, for people and whole. */
function proved({ proof }: BackendFacts): Pick<RunEnvironment, 'setting' | 'proof' | 'proofRecord'> {
  if (!proof) return {}
  const env = { ...proof.key.asked, ...proof.setting.env }
  const setting = settingText({ ...proof.setting, env })
  const isPlain = !proof.usable || setting === 'as it comes'
  return { ...(isPlain ? {} : { setting }), proof: proofLine(proof), proofRecord: proof }
}

/** Operations that differed between repeats when the engine was proved; without a proof, those that may on a GPU. */
function varying({ proof, gpu }: BackendFacts): string[] {
  if (!proof?.usable) return gpu ? [...NONDETERMINISTIC_ON_GPU] : []
  return [...new Set(proof.faults.filter(({ kind }) => kind === 'varies').map(({ operation }) => operation))]
}
