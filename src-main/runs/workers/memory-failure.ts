import type { Problem } from '../../../src-shared/contract/errors.ts'
import { sizeText } from '../../../src-shared/util/size-text.ts'

/** What engines, their libraries, Node and batch systems write when memory runs out. */
const SIGNS = [
  /\bOOM\b/, // TensorFlow: "OOM when allocating tensor with shape[...]"
  /invalid TF_Status: 8\b/i, // its code for an exhausted resource
  /resource ?exhausted/i,
  /out of memory|oom[-_ ]?kill/i,
  /failed to allocate memory|failed to alloc(ate)? \S+ (bytes|[KMG]iB)/i,
  /CUDA_ERROR_OUT_OF_MEMORY|CU(DNN|BLAS)_STATUS_ALLOC_FAILED/,
  /dst tensor is not initialized/i, // TensorFlow, where a copy finds no room on the card
  /bad_alloc/,
  /allocation failed/i, // Node: "Array buffer allocation failed"
  /cannot enlarge memory|memory access out of bounds/i, // WebAssembly
] as const
/** TensorFlow's allocator says so where it goes on with less: of a workspace that would have been faster. */
const HARMLESS = /not a failure/i

/** The first line that tells of memory that ran out. */
const tellingLine = (text: string): string | null =>
  text.split('\n').find((line) => !HARMLESS.test(line) && SIGNS.some((sign) => sign.test(line))) ?? null

type MemoryDevice = 'card' | 'main memory' | 'wasm'

/** The tensor that found no room. */
export interface WantedTensor {
  readonly shape: readonly number[]
  readonly type: string
  readonly bytes: number
}

/** Whose memory ran out and for what, read from the words of the engine. */
export interface MemoryFailure {
  readonly device: MemoryDevice
  /** null where the words name none. */
  readonly tensor: WantedTensor | null
  readonly evidence: string
}

/** Bytes of an element by TensorFlow's name of its type. */
const WIDTHS: Readonly<Record<string, number>> = {
  double: 8,
  int64: 8,
  complex64: 8,
  half: 2,
  bfloat16: 2,
  uint8: 1,
  int8: 1,
  bool: 1,
}
const USUAL_WIDTH = 4

/** What a text says of memory that ran out; null where it says nothing of it. */
export function memoryFailureIn(text: string): MemoryFailure | null {
  const evidence = tellingLine(text)
  return evidence === null ? null : { device: deviceIn(text), tensor: tensorIn(text), evidence }
}

function deviceIn(text: string): MemoryDevice {
  const [, place] = /device:(GPU|CPU):\d/.exec(text) ?? []
  if (
    place === 'GPU' ||
    (place === undefined && /\bGPU_\d|\bCUDA|\bCUDNN|\bCUBLAS|dst tensor is/i.test(text))
  )
    return 'card'
  return /cannot enlarge memory|memory access out of bounds/i.test(text) ? 'wasm' : 'main memory'
}

function tensorIn(text: string): WantedTensor | null {
  const found = /tensor with shape ?\[([\d,]*)\] and type (\w+)/.exec(text)
  if (found === null) return null
  const [, dims = '', type = ''] = found
  const shape = dims.split(',').filter(Boolean).map(Number)
  return { shape, type, bytes: shape.reduce((a, b) => a * b, 1) * (WIDTHS[type] ?? USUAL_WIDTH) }
}

const RAN_OUT: Readonly<Record<MemoryDevice, string>> = {
  card: 'the memory of the card ran out',
  'main memory': 'main memory ran out',
  wasm: 'the embedded engine ran out of memory, of which it can have 4 GiB at most',
}
const CLOSE: Readonly<Record<MemoryDevice, string>> = {
  card: 'end other programs that compute on the card',
  'main memory': 'close other programs',
  wasm: 'set up the native engine, which can use all memory',
}

/** What the tensor is in the network and what is largest there, where the network is known. */
export interface NetworkWords {
  /** `output of conv1, 64 × 64 × 64, for 64 images`; null where no tensor of the network has this shape. */
  readonly tensor: string | null
  readonly largest: string | null
}

/** The problem for people, with evidence and what to do. */
export function memoryProblem({ device, tensor, evidence }: MemoryFailure, known?: NetworkWords): Problem {
  const isWhat = known?.tensor === null || known === undefined ? '' : `, the ${known.tensor}`
  const what =
    tensor === null
      ? '.'
      : `: there was no room for ${tensor.shape.join(' × ')} ${tensor.type} (${sizeText(tensor.bytes)})${isWhat}.`
  const largest = known?.largest ?? null
  const most = largest === null ? '' : ` The largest tensor of the network: ${largest}.`
  const said = tensor === null && evidence !== '' ? ` The engine said: ${evidence.trim()}` : ''
  return {
    code: 'out-of-memory',
    message: `${RAN_OUT[device]}${what}${most}${said}`,
    hint: `Queue a copy with half the batch, and with twice as many batches added up to a step where the same steps matter; or ${CLOSE[device]}, then resume.`,
  }
}
