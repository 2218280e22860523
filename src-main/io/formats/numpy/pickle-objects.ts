import type { PickledArray, PickledDtype, PickleGlobal, PickleValue } from './pickle-value.ts'
import { decodeElements, type NumpyDtype, parseDtype } from './numpy-dtype.ts'
import { toRowMajor } from './row-major.ts'

type Fail = (message: string) => Error

const MULTIARRAY = ['numpy.core.multiarray', 'numpy._core.multiarray']
const NUMERIC = ['numpy.core.numeric', 'numpy._core.numeric']
const ALLOWED: ReadonlyMap<string, PickleGlobal['what']> = new Map<string, PickleGlobal['what']>([
  ...MULTIARRAY.map((module) => [`${module}._reconstruct`, 'reconstruct'] as const),
  ...MULTIARRAY.map((module) => [`${module}.scalar`, 'scalar'] as const),
  ...NUMERIC.map((module) => [`${module}._frombuffer`, 'frombuffer'] as const),
  ['numpy.ndarray', 'ndarray'],
  ['numpy.dtype', 'dtype'],
  ['_codecs.encode', 'encode'],
  ['__builtin__.bytes', 'bytes'],
  ['builtins.bytes', 'bytes'],
])

/** The stand-in for an allowed name, or null. */
export function findGlobal(module: string, name: string): PickleGlobal | null {
  const what = ALLOWED.get(`${module}.${name}`)
  return what ? { type: 'global', what } : null
}

/** What calling an allowed name with these arguments would give. */
export function callAllowed(target: PickleValue, args: PickleValue, fail: Fail): PickleValue {
  if (!isType(target, 'global') || !Array.isArray(args)) throw fail('a call has no allowed target.')
  switch (target.what) {
    case 'reconstruct':
      return { type: 'ndarray', shape: [0], values: new Uint8Array(0), dtype: '|u1' }
    case 'dtype':
      return createDtype(args, fail)
    case 'scalar':
      return scalar(args, fail)
    case 'frombuffer':
      return createArray(args[2], args[1], args[3] === 'F', args[0], fail)
    case 'encode':
    case 'bytes':
      return rawBytes(args[0] ?? '', fail)
    case 'ndarray':
      throw fail('an array is made in a way NumPy does not use.')
  }
}

/** Applies the state of a NumPy array or dtype. */
export function buildObject(target: PickleValue, state: PickleValue, fail: Fail): void {
  if (!Array.isArray(state)) throw fail('an object has no state.')
  if (isType(target, 'dtype')) {
    if (typeof state[1] !== 'string' || state[3] !== null)
      throw fail('an array holds records, expected plain numbers.')
    target.littleEndian = state[1] !== '>'
  } else if (isType(target, 'ndarray')) {
    Object.assign(
      target,
      createArray(state[1], state[2], state[3] === true || state[3] === 1, state[4], fail),
    )
  } else throw fail('only NumPy arrays have a state.')
}

function createDtype([descr]: readonly PickleValue[], fail: Fail): PickledDtype {
  if (typeof descr !== 'string') throw fail('an array holds records, expected plain numbers.')
  return { type: 'dtype', descr, littleEndian: true }
}

function resolveDtype(value: PickleValue | undefined, fail: Fail): NumpyDtype {
  if (!isType(value, 'dtype')) throw fail('an array has no element type.')
  if (value.descr.startsWith('O')) throw fail('an array holds Python objects, which are never read.')
  const dtype = parseDtype((value.littleEndian ? '<' : '>') + value.descr)
  if (!dtype) throw fail(`arrays of type "${value.descr.slice(0, 20)}" are not supported.`)
  return dtype
}

function createArray(
  shape: PickleValue | undefined,
  type: PickleValue | undefined,
  fortran: boolean,
  data: PickleValue | undefined,
  fail: Fail,
): PickledArray {
  const dtype = resolveDtype(type, fail)
  if (!Array.isArray(shape) || shape.length > 32 || !shape.every(isCount))
    throw fail('an array has no shape.')
  const bytes = rawBytes(data, fail)
  const count = shape.reduce((a: number, b) => a * b, 1)
  if (count * dtype.bytes !== bytes.length)
    throw fail(
      `an array of shape (${shape.join(', ')}) needs ${count * dtype.bytes} bytes, got ${bytes.length}.`,
    )
  const values = decodeElements(dtype, bytes, count)
  return {
    type: 'ndarray',
    shape: [...shape],
    values: fortran ? toRowMajor(values, shape) : values,
    dtype: (type as PickledDtype).descr,
  }
}

const isCount = (value: PickleValue): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

function scalar([type, data]: readonly PickleValue[], fail: Fail): PickleValue {
  const dtype = resolveDtype(type, fail)
  const bytes = rawBytes(data, fail)
  if (bytes.length !== dtype.bytes) throw fail(`a scalar needs ${dtype.bytes} bytes, got ${bytes.length}.`)
  const value = decodeElements(dtype, bytes, 1)[0]
  return dtype.kind === 'b' ? value === 1 : (value ?? null)
}

/** Data as bytes; Python 2 strings and the latin-1 detour of protocol 2 carry one byte a character. */
function rawBytes(data: PickleValue | undefined, fail: Fail): Uint8Array {
  if (data instanceof Uint8Array) return data
  if (typeof data === 'string') return Buffer.from(data, 'latin1')
  throw fail('an array has no data.')
}

/** Narrowing by the tag of our own objects. */
function isType<T extends 'global' | 'dtype' | 'ndarray'>(
  value: PickleValue | undefined,
  type: T,
): value is Extract<PickleValue, { readonly type: T }> {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === type
}
