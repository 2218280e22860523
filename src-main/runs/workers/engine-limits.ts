import type { EngineProof } from '../../../src-shared/contract/engine-proof.ts'
import { proofLine, reducedText, settingText } from '../../../src-shared/contract/engine-proof.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { TrainerChoice } from '../../../src-shared/schema/registry.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'

type Given = Pick<RunConfig, 'trainer'>

const isReduced = (trainer: TrainerChoice): boolean =>
  trainer.fn === 'cotrainer' && trainer.config.precision === 'bfloat16'

/** Options of a config that the native engine does not offer on this machine, each at its place. */
export function engineProblems({ trainer }: Given, proof: EngineProof | null | undefined): Problem[] {
  const off = proof?.off.find(({ what }) => what === 'bfloat16')
  if (off === undefined || !isReduced(trainer)) return []
  return [
    {
      code: 'config-invalid',
      path: 'trainer.config.precision',
      message: `bfloat16 is switched off on this machine: ${off.reason}.`,
      hint: 'Choose float32.',
    },
  ]
}

/** @throws CotrainError `config-invalid` for an option that the engine does not offer on this machine. */
export function refuseWhatIsOff(config: Given, proof: EngineProof | null | undefined): void {
  const problems = engineProblems(config, proof)
  if (problems.length > 0) throw new CotrainError(problems)
}

/**
 * What a person should know about the engine before a run: another setting than usual, no repeats bit for bit, no native
 * engine, bfloat16 that is not faster.
 */
export function engineNotes({ trainer }: Given, proof: EngineProof | null): string[] {
  if (proof === null) return []
  const reduced = isReduced(trainer) ? reducedText(proof.setting) : null
  const repeats = proof.off.find(({ what }) => what === 'repeatability')
  const isChanged = !proof.usable || settingText(proof.setting) !== 'as it comes'
  return [
    ...(isChanged ? [`Engine on this machine: ${proofLine(proof)}.`] : []),
    ...(reduced === null ? [] : [`On this machine ${reduced}.`]),
    ...(repeats === undefined ? [] : [`A repeat of a run may differ on this machine: ${repeats.reason}.`]),
  ]
}
