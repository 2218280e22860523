import type { Precision, RunEnvironment } from '../../../../src-shared/contract/run.ts'
import { threadsOf } from '../../../../src-shared/contract/segments.ts'
import { engineText } from '../../../format/engine-text.ts'

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
    ['Engine', `${engineText({ name: e.backend, gpu: e.gpu }, e.tensorflow ?? '')}, ${threadsOf(e)}`],
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
    ...(e.plugins ?? []).map((p) => ['Plug-in', `${p.name} ${p.version} (${p.hash.slice(0, 10)})`] as const),
    ['Node', e.node],
    [
      'Repeatable',
      e.nondeterministic.length === 0
        ? `bit by bit${e.deterministic === true ? ' (deterministic)' : ''}`
        : `not bit by bit: ${e.nondeterministic.join(', ')}`,
    ],
  ]
}
