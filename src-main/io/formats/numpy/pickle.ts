import { type ByteSource, bytesSource, openFile } from '../base/byte-source.ts'
import { invalidFile, refusedFile } from '../base/problem.ts'
import { buildObject, callAllowed, findGlobal } from './pickle-objects.ts'
import { type Machine, OPCODES } from './pickle-opcodes.ts'
import type { PickleValue } from './pickle-value.ts'

/** Python pickles of more than this are no session files. */
const MAX_BYTES = 2 ** 31
/** Far above what a session needs; bounds the time an endless file can take. */
const MAX_STEPS = 200_000_000

/**
 * Reads a Python pickle (protocols 0 to 5) without ever calling anything: only dict, list, tuple, str, bytes, numbers,
 * None, bool and NumPy arrays, dtypes and scalars are built; any other name is refused, by name and byte.
 */
export function readPickle(path: string): PickleValue {
  const source = openFile(path)
  try {
    return readPickleFrom(source)
  } finally {
    source.close()
  }
}

/** As {@link readPickle}, from bytes; `name` is used in messages. */
export const decodePickle = (bytes: Uint8Array, name: string): PickleValue =>
  readPickleFrom(bytesSource(name, bytes))

function readPickleFrom(source: ByteSource): PickleValue {
  if (source.size > MAX_BYTES)
    throw refusedFile(source.name, null, `has ${source.size} bytes, the limit is ${MAX_BYTES}.`)
  const machine = createMachine(source.name, source.read(0, source.size))
  for (let step = 0; step < MAX_STEPS; step++) {
    const at = machine.at
    const opcode = machine.byte()
    if (opcode === STOP) return machine.pop()
    const run = Object.hasOwn(OPCODES, opcode) ? OPCODES[opcode] : undefined
    if (!run) throw refuseOpcode(source.name, at, opcode)
    run(machine)
  }
  throw refusedFile(source.name, machine.at, 'takes too many steps.')
}

const STOP = 0x2e

/** Opcodes that call, subclass or fetch from outside; everything we do not list is treated alike. */
const REFUSED: Readonly<Record<number, string>> = {
  0x69: 'INST builds an instance of a class',
  0x6f: 'OBJ builds an instance of a class',
  0x81: 'NEWOBJ builds an instance of a class',
  0x92: 'NEWOBJ_EX builds an instance of a class',
  0x50: 'PERSID fetches an object from outside the file',
  0x51: 'BINPERSID fetches an object from outside the file',
  0x82: 'EXT1 names a registered class',
  0x83: 'EXT2 names a registered class',
  0x84: 'EXT4 names a registered class',
  0x8f: 'EMPTY_SET builds a set',
  0x90: 'ADDITEMS builds a set',
  0x91: 'FROZENSET builds a set',
  0x97: 'NEXT_BUFFER takes data from outside the file',
}

function refuseOpcode(name: string, at: number, opcode: number): Error {
  const reason = REFUSED[opcode]
  if (reason)
    return refusedFile(
      name,
      at,
      `${reason}, which is never done.`,
      'Save plain dicts and NumPy arrays, or use npz.',
    )
  return invalidFile(
    name,
    at,
    `byte 0x${opcode.toString(16).padStart(2, '0')} is no pickle instruction.`,
    'The file is damaged or is not a pickle.',
  )
}

function createMachine(name: string, bytes: Uint8Array): Machine {
  const stack: PickleValue[] = []
  const marks: number[] = []
  const memo = new Map<number, PickleValue>()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const fail = (message: string): Error =>
    invalidFile(name, at, message, 'The file is damaged or is not a pickle.')
  const need = (count: number): number => {
    if (at + count > bytes.length)
      throw fail(`expected ${count} more bytes but the file ends at byte ${bytes.length}.`)
    const start = at
    at += count
    return start
  }
  const floor = (): number => marks.at(-1) ?? 0
  const pop = (): PickleValue => {
    if (stack.length <= floor()) throw fail('an instruction finds no value to work on.')
    return stack.pop() as PickleValue // not empty, see above
  }
  return {
    view,
    fail,
    refuse: (message) => refusedFile(name, at, message, 'Save plain dicts and NumPy arrays, or use npz.'),
    get at() {
      return at
    },
    byte: () => bytes[need(1)]!, // checked by need
    need,
    take(count) {
      const start = need(count)
      return bytes.subarray(start, start + count)
    },
    line() {
      const end = bytes.indexOf(0x0a, at)
      if (end < 0) throw fail('a line of text does not end.')
      const text = Buffer.from(bytes.subarray(at, end)).toString('latin1')
      at = end + 1
      return text.replace(/\r$/, '')
    },
    push: (value) => void stack.push(value),
    pop,
    top() {
      if (stack.length <= floor()) throw fail('an instruction finds no value to work on.')
      return stack.at(-1) as PickleValue // not empty, see above
    },
    mark: () => void marks.push(stack.length),
    popMark() {
      const from = marks.pop()
      if (from === undefined) throw fail('the start of a group is missing.')
      return stack.splice(from)
    },
    remember: (index, value) => void memo.set(index, value),
    recall(index) {
      const value = memo.get(index)
      if (value === undefined) throw fail(`value number ${index} was never stored.`)
      return value
    },
    memoSize: () => memo.size,
    global: (module, id) =>
      findGlobal(module, id) ??
      raise(
        refusedFile(
          name,
          at,
          `names ${module}.${id}, which is not on the list of plain types.`,
          'Save plain dicts and NumPy arrays, or use npz.',
        ),
      ),
    call: (what, args) => callAllowed(what, args, fail),
    build: (target, state) => buildObject(target, state, fail),
  }
}

function raise(error: Error): never {
  throw error
}
