import type { EngineName } from '../../src-shared/contract/engine-name.ts'
import { ENGINE_NAMES } from '../../src-shared/contract/engine-name.ts'
import { capital } from '../../src-shared/util/capital.ts'

interface Computing {
  readonly name: EngineName
  readonly gpu: boolean
}

/** What an engine means for the speed, where that is worth a word. */
const PACES: Readonly<Partial<Record<EngineName, string>>> = {
  wasm: 'about four times slower',
  cpu: 'very slow',
}

/** What computes, and on what: "TensorFlow 2.21.0 on the GPU". */
export function engineText({ name, gpu }: Computing, version = ''): string {
  const engine = [capital(ENGINE_NAMES[name]), version].filter((part) => part !== '').join(' ')
  return `${engine} on the ${gpu ? 'GPU' : 'CPU'}`
}

/** The same with its pace: "Embedded engine on the CPU, about four times slower". */
export function engineWithPace(computing: Computing): string {
  const pace = PACES[computing.name]
  return pace === undefined ? engineText(computing) : `${engineText(computing)}, ${pace}`
}
