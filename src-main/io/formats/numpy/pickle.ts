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
const PLAIN_ONLY = 'Save plain dicts and NumPy arrays, or use npz.'

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
  if (reason) return refusedFile(name, at, `${reason}, which is never done.`, PLAIN_ONLY)
  return invalidFile(
    name,
    at,
    `byte 0x${opcode.toString(16).padStart(2, '0')} is no pickle instruction.`,
    'The file is damaged or is not a pickle.',
  )
}

function createMachine(name: string, bytes: Uint8Array): Machine {
  const reader = createReader(name, bytes)
  const { view, fail, byte, need, take, line } = reader
  return {
    view,
    fail,
    refuse: (message) => refusedFile(name, reader.at, message, PLAIN_ONLY),
    get at() {
      return reader.at
    },
    byte,
    need,
    take,
    line,
    ...createStack(fail),
    ...createMemo(fail),
    global: (module, id) =>
      findGlobal(module, id) ??
      raise(
        refusedFile(
          name,
          reader.at,
          `names ${module}.${id}, which is not on the list of plain types.`,
          PLAIN_ONLY,
        ),
      ),
    call: (what, args) => callAllowed(what, args, fail),
    build: (target, state) => buildObject(target, state, fail),
  }
}

type Reader = Pick<Machine, 'view' | 'at' | 'fail' | 'byte' | 'need' | 'take' | 'line'>
type Fail = Machine['fail']

/** The bytes of the program, from first to last. */
function createReader(name: string, bytes: Uint8Array): Reader {
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
  return {
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    fail,
    get at() {
      return at
    },
    byte: () => bytes[need(1)]!, // checked by need
    need,
    take: (count) => {
      const start = need(count)
      return bytes.subarray(start, start + count)
    },
    line: () => {
      const end = bytes.indexOf(0x0a, at)
      if (end < 0) throw fail('a line of text does not end.')
      const text = Buffer.from(bytes.subarray(at, end)).toString('latin1')
      at = end + 1
      return text.replace(/\r$/, '')
    },
  }
}

/** Values that instructions work on; a mark is the start of a group, below which none of them reaches. */
function createStack(fail: Fail): Pick<Machine, 'push' | 'pop' | 'top' | 'mark' | 'popMark'> {
  const stack: PickleValue[] = []
  const marks: number[] = []
  const top = (): PickleValue => {
    if (stack.length <= (marks.at(-1) ?? 0)) throw fail('an instruction finds no value to work on.')
    return stack.at(-1) as PickleValue // not empty, see above
  }
  return {
    push: (value) => void stack.push(value),
    top,
    pop: () => {
      const value = top()
      stack.length -= 1
      return value
    },
    mark: () => void marks.push(stack.length),
    popMark: () => {
      const from = marks.pop()
      if (from === undefined) throw fail('the start of a group is missing.')
      return stack.splice(from)
    },
  }
}

/** Values that the program stored under a number. */
function createMemo(fail: Fail): Pick<Machine, 'remember' | 'recall' | 'memoSize'> {
  const memo = new Map<number, PickleValue>()
  return {
    remember: (index, value) => void memo.set(index, value),
    recall: (index) => {
      const value = memo.get(index)
      if (value === undefined) throw fail(`value number ${index} was never stored.`)
      return value
    },
    memoSize: () => memo.size,
  }
}

function raise(error: Error): never {
  throw error
}
