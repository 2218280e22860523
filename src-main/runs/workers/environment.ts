import { cpus, platform, release, totalmem } from 'node:os'
import { proofLine, settingText } from '../../../src-shared/contract/engine-proof.ts'
import type { RunEnvironment } from '../../../src-shared/contract/run.ts'
import { NONDETERMINISTIC_ON_GPU } from '../../engine/tensor/nondeterminism.ts'
import { numbersHere } from '../../io/native/library/engine-environment.ts'
import type { BackendFacts } from './engine-parts.ts'
import type { AskedNumbers } from './precision-variables.ts'

/** What the run is made with. */
export function environmentOf(
  backend: BackendFacts,
  appVersion: string,
  { precision, deterministic }: AskedNumbers,
): RunEnvironment {
  // A person may have told TensorFlow so for the whole program.
  const repeats = deterministic || (backend.name === 'native' && numbersHere().deterministic)
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
    ...cardOf(backend),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads: backend.threads,
    os: `${platform()} ${release()}`,
    memoryBytes: totalmem(),
    precision,
    deterministic: repeats,
    nondeterministic: varying(backend, repeats),
    ...unused(backend),
    ...proved(backend),
  }
}

/** A run is shown one card; where somebody shows a process several, its library chooses. */
function cardOf({ gpu, cards: [card, ...others] = [] }: BackendFacts): Pick<RunEnvironment, 'card'> {
  return gpu && card !== undefined && others.length === 0
    ? { card: { uuid: card.uuid, name: card.name } }
    : {}
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
function varying({ proof, gpu }: BackendFacts, deterministic: boolean): string[] {
  if (!proof?.usable) return gpu ? [...NONDETERMINISTIC_ON_GPU] : []
  if (deterministic && proof.deterministic !== undefined) return proof.deterministic.varying
  const ofEarlierProofs = proof.faults.filter(({ kind }) => kind === 'varies')
  return proof.varying ?? [...new Set(ofEarlierProofs.map(({ operation }) => operation))]
}
