import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { systemProblem } from '../../../src-shared/contract/system-problem.ts'
import { errorCode } from '../../disk/error-code.ts'
import { memoryFailureIn, memoryProblem } from './memory-failure.ts'

const NON_FINITE = /\bNaN\b|non-finite|not finite/i

/** Exit code of a program that a shell or a container around it saw killed: 128 + SIGKILL. */
const KILLED = 137

/** What CUDA and its driver say of a card that is gone, or that spoilt what it computed. */
const LOST_DEVICE =
  /CUDA_ERROR_(?:DEVICE_LOST|ECC_UNCORRECTABLE|ILLEGAL_ADDRESS|LAUNCH_FAILED|HARDWARE_STACK_ERROR)|GPU is lost|fallen off the bus|device (?:was |is )?lost/i

/** The words that tell of a lost card; null where there are none. */
export const lossOfDevice = (text: string): string | null => LOST_DEVICE.exec(text)?.[0] ?? null

const lostDevice = (words: string): Problem => ({
  code: 'engine-failed',
  message: `the card was lost while it computed: ${words}`,
  hint: 'See `nvidia-smi` and the log of the system for Xid errors; if the card comes back, resume goes on from the last checkpoint.',
})

/** Anything that ended a run, as cause, evidence and what to do. */
export function failureOf(error: unknown): Problem {
  if (error instanceof CotrainError) return error.problems[0] ?? unknown(error.message)
  const code = errorCode(error)
  const path = pathOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const refused = systemProblem(error, {
    hint: 'Free some space, then resume the run; the earlier checkpoints are intact.',
  })
  if (refused !== null) return refused
  if (code === 'ENOENT') {
    const hint = 'Put the file back, or change the path in the config.'
    return { code: 'data-missing', ...(path ? { path } : {}), message: 'a file of the run is missing.', hint }
  }
  const memory = memoryFailureIn(message)
  if (memory !== null) return memoryProblem(memory)
  if (lossOfDevice(message) !== null) return lostDevice(message)
  if (NON_FINITE.test(message)) {
    const hint = 'Lower the learning rate or turn on gradient clipping, then retry.'
    return { code: 'non-finite', message: `a value is no longer finite: ${message}`, hint }
  }
  return unknown(message)
}

/** Where it happened; of an error that was put into our words, the one behind it. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? stackOf(error.cause) : (error.stack ?? error.message)
}

/** The file that an error of the system is about. */
const pathOf = (error: unknown): string | undefined =>
  error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined

/** What the end of a worker process says, with where it last was and the last lines of its error stream as evidence. */
export function crashOf(code: number | null, signal: string | null, output: string, where = ''): Problem {
  const tail = tellingLines(output).join(' | ')
  const evidence = tail === '' ? '' : ` Last output: ${tail}`
  const memory = memoryFailureIn(output)
  if (memory !== null) return memoryProblem(memory)
  if (lossOfDevice(output) !== null) return lostDevice(`${tail}${where === '' ? '' : ` (${where})`}`)
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
  const seen = where === '' ? '' : ` ${where}`
  return {
    code: 'engine-failed',
    message: `the worker process ${how}.${seen}${evidence}`,
    hint: adviceAfter(code, signal),
  }
}

const AGAIN =
  'Resume goes on from the last checkpoint; if it happens again, run `cotrain doctor` and report what it says.'
/** What a signal means, and what to do. */
const ADVICE: Readonly<Record<string, string>> = {
  SIGKILL:
    'A person or the system killed it; Linux does so when memory runs out. Look at the free memory, then resume.',
  SIGILL:
    'The processor lacks an instruction that the engine uses: choose the other engine in the settings, then resume.',
  SIGSEGV: `Native code used memory that is not its own. ${AGAIN}`,
  SIGBUS: `Memory behind a file could not be had: see the free space of the disk and of /dev/shm, and the log of the system for faults of memory or disk. ${AGAIN}`,
  SIGFPE: `Native code divided by zero. ${AGAIN}`,
  SIGABRT: `The engine or Node ended itself after a fault that it found; its last output says which. ${AGAIN}`,
  SIGTERM: 'A person or the system asked it to end. Resume goes on from the last checkpoint.',
}

const adviceAfter = (code: number | null, signal: string | null): string =>
  ADVICE[signal ?? (code === KILLED ? 'SIGKILL' : '')] ?? AGAIN

/** Stack frames say little: the lines that speak of an error, else the last ones. */
function tellingLines(output: string): readonly string[] {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const telling = lines.filter(
    (line) => /error|exception|abort|terminate|cannot|failed/i.test(line) && !line.startsWith('at '),
  )
  return (telling.length > 0 ? telling : lines).slice(-3)
}

function unknown(message: string): Problem {
  return { code: 'engine-failed', message, hint: "See the run's log for where it happened." }
}
