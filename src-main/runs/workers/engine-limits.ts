import type { SwitchedOff } from '../../../src-shared/contract/engine-proof.ts'
import { proofLine, reducedText, settingText } from '../../../src-shared/contract/engine-proof.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { EngineHere } from './engine-here.ts'
import { askedNumbers, hasTf32, TF32_CAPABILITY } from './precision-variables.ts'

type Given = Pick<RunConfig, 'trainer'>

/** Convolutions in bfloat16 on cards came after 2022: with this release of TensorFlow. */
const BFLOAT16_ON_CARDS = [2, 11] as const

/** What computes where no card of NVIDIA does. */
const COMPUTES = {
  native: 'the processor',
  webgpu: 'WebGPU',
  wasm: 'the embedded engine',
  cpu: 'plain JavaScript',
} as const

const refusal = (option: 'precision' | 'deterministic', message: string, hint: string): Problem => ({
  code: 'config-invalid',
  path: `trainer.config.${option}`,
  message,
  hint,
})

/** Options of a config that the engine does not offer here, each at its place with the reason and what to do. */
export function engineProblems({ trainer }: Given, engine: EngineHere): Problem[] {
  const { precision, deterministic } = askedNumbers(trainer)
  const formats = { float32: [], tf32: tf32Problems(engine), bfloat16: bfloat16Problems(engine) }
  return [
    ...formats[precision],
    ...variableProblems(precision, engine),
    ...(deterministic ? deterministicProblems(engine) : []),
  ]
}

const reasonOff = ({ proof }: EngineHere, what: SwitchedOff): string | undefined =>
  proof?.off.find((off) => off.what === what)?.reason

function tf32Problems(engine: EngineHere): Problem[] {
  const { name, gpu, cards } = engine
  if (name !== 'native' || !gpu)
    return [
      refusal(
        'precision',
        `tf32 needs an NVIDIA card of compute capability ${TF32_CAPABILITY}.0 or newer that computes; here ${COMPUTES[name]} does.`,
        'Choose float32, or set the engine up for a card (cotrain setup --engine gpu).',
      ),
    ]
  if (!cards.some(hasTf32))
    return [
      refusal(
        'precision',
        `tf32 needs compute capability ${TF32_CAPABILITY}.0 or newer: ${cards.map(inWords).join(', ') || 'the driver tells of no card'}.`,
        'Choose float32.',
      ),
    ]
  const off = reasonOff(engine, 'tf32')
  return off === undefined
    ? []
    : [refusal('precision', `tf32 is switched off on this machine: ${off}.`, 'Choose float32.')]
}

type Card = EngineHere['cards'][number]

const inWords = ({ name, computeCapability }: Card): string =>
  `the ${name} has ${computeCapability ?? 'one that its driver does not tell'}`

function bfloat16Problems(engine: EngineHere): Problem[] {
  const { name, gpu, tfVersion } = engine
  if (name !== 'native')
    return [
      refusal(
        'precision',
        `bfloat16 needs the native TensorFlow engine; here ${COMPUTES[name]} computes.`,
        'Choose float32, or run `cotrain setup`.',
      ),
    ]
  if (gpu && !isFrom(tfVersion, BFLOAT16_ON_CARDS))
    return [
      refusal(
        'precision',
        `bfloat16 on a card needs TensorFlow ${BFLOAT16_ON_CARDS.join('.')} or newer; here is ${tfVersion || 'an unknown version'}.`,
        'Choose float32, or set the engine up anew (cotrain setup --engine gpu).',
      ),
    ]
  const off = reasonOff(engine, 'bfloat16')
  return off === undefined
    ? []
    : [refusal('precision', `bfloat16 is switched off on this machine: ${off}.`, 'Choose float32.')]
}

/** `2.9.1` is not from 2.11 on. */
function isFrom(version: string, [major, minor]: readonly [number, number]): boolean {
  const [own = 0, sub = 0] = version.split('.').map(Number)
  return own > major || (own === major && sub >= minor)
}

/** The variable of NVIDIA's libraries against the config: the one that was set by hand would win without a word. */
function variableProblems(precision: string, { gpu, tf32 }: EngineHere): Problem[] {
  if (!gpu || tf32 === null || tf32 === (precision === 'tf32')) return []
  return [
    refusal(
      'precision',
      `NVIDIA_TF32_OVERRIDE ${tf32 ? 'switches TF32 on' : 'is set and leaves TF32 off'} for this program, and the config says ${precision}.`,
      `Unset NVIDIA_TF32_OVERRIDE${tf32 ? ', or choose tf32' : ', or choose float32'}.`,
    ),
  ]
}

function deterministicProblems(engine: EngineHere): Problem[] {
  const off = reasonOff(engine, 'deterministic')
  if (off !== undefined)
    return [
      refusal(
        'deterministic',
        `repeats differ on this machine, and no other way was found: ${off}.`,
        'Leave deterministic out; what varies stands in the record of the run.',
      ),
    ]
  if (engine.name === 'webgpu' && engine.proof?.repeatable !== true)
    return [
      refusal(
        'deterministic',
        'with WebGPU the gradients of gathered values are added up in an order that varies.',
        'Leave deterministic out, or compute with another engine; what varies stands in the record of the run.',
      ),
    ]
  if (engine.name !== 'native' || engine.deterministic !== false) return []
  return [
    refusal(
      'deterministic',
      "TensorFlow's switch for repeats (TF_DETERMINISTIC_OPS=1) is not on in the process that computes.",
      'Unset TF_DETERMINISTIC_OPS, so that each run has it as its config says.',
    ),
  ]
}

/** @throws CotrainError `config-invalid` for an option that the engine does not offer here. */
export function refuseWhatIsOff(config: Given, engine: EngineHere): void {
  const problems = engineProblems(config, engine)
  if (problems.length > 0) throw new CotrainError(problems)
}

/**
 * What a person should know about the engine before a run: another setting than usual, no repeats bit for bit, no native
 * engine, bfloat16 that is not faster, a card among several that knows no TF32.
 */
export function engineNotes(
  { trainer }: Given,
  { proof, cards }: Pick<EngineHere, 'proof' | 'cards'>,
): string[] {
  const { precision, deterministic } = askedNumbers(trainer)
  const older = precision === 'tf32' ? olderCards(cards) : []
  if (proof === null) return older
  const reduced = precision === 'bfloat16' ? reducedText(proof.setting) : null
  const repeats = deterministic ? undefined : proof.off.find(({ what }) => what === 'repeatability')
  const isChanged = !proof.usable || settingText(proof.setting) !== 'as it comes'
  return [
    ...older,
    ...(isChanged ? [`Engine on this machine: ${proofLine(proof)}.`] : []),
    ...(reduced === null ? [] : [`On this machine ${reduced}.`]),
    ...(repeats === undefined ? [] : [`A repeat of a run may differ on this machine: ${repeats.reason}.`]),
  ]
}

function olderCards(cards: readonly Card[]): string[] {
  const older = cards.filter((card) => !hasTf32(card))
  if (older.length === 0 || older.length === cards.length) return []
  return [
    `tf32 is not offered by every card here (${older.map(inWords).join(', ')}): the run is given another, or waits for one. Choosing such a card for it by hand is refused at its start.`,
  ]
}
