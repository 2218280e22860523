import type { DoctorReport } from '../../src-shared/contract/doctor.ts'

type Backend = Pick<DoctorReport['backend'], 'name' | 'gpu'>

/** The engines as people call them, each with what it means for the speed. */
const ENGINES: Readonly<Record<Backend['name'], { readonly name: string; readonly pace: string }>> = {
  native: { name: 'TensorFlow', pace: '' },
  webgpu: { name: 'WebGPU', pace: '' },
  wasm: { name: 'Embedded engine', pace: 'about four times slower' },
  cpu: { name: 'Plain JavaScript engine', pace: 'very slow' },
}

/** What computes, and on what: "TensorFlow on the GPU". */
export const engineText = ({ name, gpu }: Backend): string =>
  `${ENGINES[name].name} on the ${gpu ? 'GPU' : 'CPU'}`

/** The same with its pace where that is worth a word: "Embedded engine on the CPU, about four times slower". */
export const engineWithPace = (backend: Backend): string =>
  [engineText(backend), ENGINES[backend.name].pace].filter((part) => part !== '').join(', ')
