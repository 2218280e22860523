import type { Precision, RunEnvironment } from '../../../../src-shared/contract/run.ts'

const ENGINES = {
  native: 'TensorFlow',
  webgpu: 'WebGPU',
  wasm: 'embedded (WebAssembly)',
  cpu: 'plain JavaScript',
} as const

const FORMATS: Readonly<Record<Precision, string>> = {
  float32: 'float32',
  tf32: 'tf32 (products with 11 significant bits)',
  bfloat16: 'bfloat16 (convolutions with 8 significant bits)',
}

/** The record of what made a run, as label and text. */
export function environmentLines(
  e: RunEnvironment,
  bytes: (n: number) => string,
): readonly (readonly [string, string])[] {
  return [
    [
      'Engine',
      `${ENGINES[e.backend]}${e.tensorflow === null ? '' : ` ${e.tensorflow}`}, ${e.gpu ? 'GPU' : 'CPU'}, ${e.threads} threads`,
    ],
    ['Why', e.backendReason],
    ...(e.setting === undefined ? [] : [['Setting', e.setting] as const]),
    ...(e.proof === undefined ? [] : [['Proved here', e.proof] as const]),
    ['Device', e.card === undefined ? e.device : `${e.card.name} (${e.card.uuid})`],
    ...(e.precision === undefined ? [] : [['Precision', FORMATS[e.precision]] as const]),
    ...(e.unusedCards === undefined ? [] : [['GPU, not used', e.unusedCards.join(', ')] as const]),
    ['Processor', e.cpu],
    ['Memory', bytes(e.memoryBytes)],
    ['System', e.os],
    ['CoTrain', e.app],
    ['Node', e.node],
    [
      'Repeatable',
      e.nondeterministic.length === 0
        ? `bit by bit${e.deterministic === true ? ' (deterministic)' : ''}`
        : `not bit by bit: ${e.nondeterministic.join(', ')}`,
    ],
  ]
}
