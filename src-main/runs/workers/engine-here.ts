import type { Gpu } from '../../../src-shared/contract/doctor.ts'
import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import { nvidiaDevices } from '../../io/native/devices/nvidia.ts'
import { askedTf32, numbersHere } from '../../io/native/library/engine-environment.ts'
import { engineFolder, readNativeInfo } from '../../io/native/library/native-info.ts'
import { keptProof } from '../../io/native/proof/prove-engine.ts'
import type { Settings } from '../home/settings-file.ts'
import type { BackendFacts } from './engine-parts.ts'

/** What computes a run, as far as it decides which number formats and repeats there are. */
export interface EngineHere {
  readonly name: BackendFacts['name']
  /** Version of TensorFlow; '' for the other engines. */
  readonly tfVersion: string
  readonly gpu: boolean
  /** Cards that a run may be given. */
  readonly cards: readonly Pick<Gpu, 'uuid' | 'name' | 'computeCapability'>[]
  readonly proof: EngineProof | null
  /** Whether TF32 is on in the process that computes, or somebody has set its variable; null where it will be as a run asks. */
  readonly tf32: boolean | null
  /** Whether TensorFlow's switches for repeats are on in the process that computes; null where it is not this one. */
  readonly deterministic: boolean | null
}

/** The engine that a worker of this home will find, without starting one. */
export async function engineToCome(
  home: string,
  settings: Pick<Settings, 'engine' | 'threads'>,
): Promise<EngineHere> {
  const info = await readNativeInfo(engineFolder(home))
  const proof = await keptProof(home, settings.threads || undefined)
  const asked = process.env['COTRAIN_ENGINE'] ?? settings.engine
  const isNative = info !== null && info.kind !== 'none' && proof?.usable !== false
  const isOther = asked === 'wasm' || asked === 'cpu' || asked === 'webgpu'
  const name = isOther ? asked : isNative ? 'native' : 'wasm'
  const gpu = name === 'native' && info?.gpu === true
  const tf32 = askedTf32()
  return {
    name,
    tfVersion: name === 'native' ? (info?.version ?? '') : '',
    gpu,
    cards: gpu ? cardsInSight(await nvidiaDevices()) : [],
    proof,
    tf32: tf32 === null ? null : tf32 === '1',
    deterministic: null,
  }
}

/** The engine that was loaded into this process. */
export function engineLoaded({ name, tfVersion, gpu, cards = [], proof = null }: BackendFacts): EngineHere {
  return { name, tfVersion, gpu, cards: cardsInSight(cards), proof, ...numbersHere() }
}

/** The cards that CUDA_VISIBLE_DEVICES leaves in sight; all where it is not set, or names parts of cards. */
function cardsInSight<Card extends Pick<Gpu, 'uuid'>>(cards: readonly Card[]): readonly Card[] {
  const chosen = (process.env['CUDA_VISIBLE_DEVICES'] ?? '').split(',').map((word) => word.trim())
  const seen = cards.filter(({ uuid }, i) =>
    chosen.some((word) => word === String(i) || (word.length > 'GPU-'.length && uuid.startsWith(word))),
  )
  return seen.length > 0 ? seen : cards
}
