import type { PickleValue } from './pickle-value.ts'

/** The stack machine a pickle is a program for. */
export interface Machine {
  readonly view: DataView
  readonly at: number
  fail(message: string): Error
  refuse(message: string): Error
  byte(): number
  /** Start of the next `count` bytes, which are then consumed. */
  need(count: number): number
  take(count: number): Uint8Array
  line(): string
  push(value: PickleValue): void
  pop(): PickleValue
  top(): PickleValue
  mark(): void
  popMark(): PickleValue[]
  remember(index: number, value: PickleValue): void
  recall(index: number): PickleValue
  memoSize(): number
  global(module: string, name: string): PickleValue
  call(what: PickleValue, args: PickleValue): PickleValue
  build(target: PickleValue, state: PickleValue): void
}

type Opcode = (m: Machine) => void

/** An integer of 8 kB is a million-digit number, which no data file holds. */
const MAX_LONG_BYTES = 8192
const MAX_PROTOCOL = 5

const u16 = (m: Machine): number => m.view.getUint16(m.need(2), true)
const u32 = (m: Machine): number => m.view.getUint32(m.need(4), true)
const i32 = (m: Machine): number => m.view.getInt32(m.need(4), true)
const u64 = (m: Machine): number => Number(m.view.getBigUint64(m.need(8), true))
const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
/** Python 2 strings may be text or raw data; latin-1 keeps every byte. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')

function long(m: Machine, count: number): number | bigint {
  if (count < 0 || count > MAX_LONG_BYTES) throw m.refuse(`holds an integer of ${count} bytes.`)
  const bytes = m.take(count)
  let value = 0n
  for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!) // i < count
  return shrink(BigInt.asIntN(Math.max(1, count * 8), value))
}

const shrink = (value: bigint): number | bigint => {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

function parseInteger(m: Machine, text: string): number | bigint {
  const digits = text.replace(/L$/, '')
  if (!/^\s*-?\d{1,20000}\s*$/.test(digits)) throw m.fail(`"${text.slice(0, 20)}" is no integer.`)
  return shrink(BigInt(digits.trim()))
}

function parseFloatLine(m: Machine): number {
  const text = m.line().trim()
  const special: Readonly<Record<string, number>> = {
    nan: NaN,
    '-nan': NaN,
    inf: Infinity,
    '-inf': -Infinity,
  }
  const value = special[text] ?? (text === '' ? NaN : Number(text))
  if (Number.isNaN(value) && !text.endsWith('nan')) throw m.fail(`"${text.slice(0, 20)}" is no number.`)
  return value
}

/** A quoted Python literal; only the escapes that `repr` writes. */
function parseQuoted(m: Machine): string {
  const text = m.line()
  const match = /^(['"])(.*)\1$/.exec(text)
  if (!match) throw m.fail('a string is not quoted.')
  const named: Readonly<Record<string, string>> = {
    n: '\n',
    r: '\r',
    t: '\t',
    '\\': '\\',
    "'": "'",
    '"': '"',
  }
  return match[2]!.replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, escape: string) =>
    escape.startsWith('x') && escape.length === 3
      ? String.fromCharCode(parseInt(escape.slice(1), 16))
      : (named[escape] ?? `\\${escape}`),
  )
}

/** Protocol-0 text: raw-unicode-escape. */
const parseUnicode = (text: string): string =>
  text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (all, short?: string, wide?: string) => {
    const code = parseInt(short ?? wide ?? '', 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })

function list(m: Machine): PickleValue[] {
  const target = m.top()
  if (!Array.isArray(target)) throw m.fail('expected a list to append to.')
  return target
}

function setItems(m: Machine, items: readonly PickleValue[], target: PickleValue): void {
  if (!(target instanceof Map)) throw m.fail('expected a dict to fill.')
  if (items.length % 2 !== 0) throw m.fail('a dict entry has no value.')
  for (let i = 0; i < items.length; i += 2) target.set(items[i] as PickleValue, items[i + 1] as PickleValue) // i + 1 < length
}

function dict(m: Machine, items: readonly PickleValue[]): Map<PickleValue, PickleValue> {
  const map = new Map<PickleValue, PickleValue>()
  setItems(m, items, map)
  return map
}

const tuple =
  (count: number): Opcode =>
  (m) => {
    const items = Array.from({ length: count }, () => m.pop()).reverse()
    m.push(items)
  }

const TEXT =
  (size: (m: Machine) => number): Opcode =>
  (m) =>
    m.push(utf8(m.take(size(m))))
const STRING =
  (size: (m: Machine) => number): Opcode =>
  (m) =>
    m.push(latin1(m.take(size(m))))
const BYTES =
  (size: (m: Machine) => number): Opcode =>
  (m) =>
    m.push(m.take(size(m)))
const byte = (m: Machine): number => m.byte()

/** Instruction byte -> what it does. What is not here is refused. */
export const OPCODES: Readonly<Record<number, Opcode>> = {
  0x28: (m) => m.mark(),
  0x30: (m) => void m.pop(),
  0x31: (m) => void m.popMark(),
  0x32: (m) => m.push(m.top()),
  0x46: (m) => m.push(parseFloatLine(m)),
  0x47: (m) => m.push(m.view.getFloat64(m.need(8), false)),
  0x49: (m) => {
    const text = m.line()
    m.push(text === '01' ? true : text === '00' ? false : parseInteger(m, text))
  },
  0x4a: (m) => m.push(i32(m)),
  0x4b: (m) => m.push(m.byte()),
  0x4c: (m) => m.push(parseInteger(m, m.line())),
  0x4d: (m) => m.push(u16(m)),
  0x4e: (m) => m.push(null),
  0x52: (m) => {
    const args = m.pop()
    m.push(m.call(m.pop(), args))
  },
  0x53: (m) => m.push(parseQuoted(m)),
  0x54: STRING(u32),
  0x55: STRING(byte),
  0x56: (m) => m.push(parseUnicode(m.line())),
  0x58: TEXT(u32),
  0x8c: TEXT(byte),
  0x8d: TEXT(u64),
  0x42: BYTES(u32),
  0x43: BYTES(byte),
  0x8e: BYTES(u64),
  0x96: BYTES(u64),
  0x98: () => undefined, // READONLY_BUFFER: we never write into buffers
  0x61: (m) => {
    const value = m.pop()
    list(m).push(value)
  },
  0x65: (m) => {
    const items = m.popMark()
    const target = list(m)
    for (const item of items) target.push(item)
  },
  0x62: (m) => {
    const state = m.pop()
    m.build(m.top(), state)
  },
  0x63: (m) => {
    const module = m.line()
    m.push(m.global(module, m.line()))
  },
  0x93: (m) => {
    const name = m.pop()
    const module = m.pop()
    if (typeof name !== 'string' || typeof module !== 'string') throw m.fail('a global has no name.')
    m.push(m.global(module, name))
  },
  0x64: (m) => m.push(dict(m, m.popMark())),
  0x7d: (m) => m.push(new Map()),
  0x73: (m) => {
    const value = m.pop()
    const key = m.pop()
    setItems(m, [key, value], m.top())
  },
  0x75: (m) => {
    const items = m.popMark()
    setItems(m, items, m.top())
  },
  0x5d: (m) => m.push([]),
  0x29: (m) => m.push([]),
  0x6c: (m) => m.push(m.popMark()),
  0x74: (m) => m.push(m.popMark()),
  0x85: tuple(1),
  0x86: tuple(2),
  0x87: tuple(3),
  0x67: (m) => m.push(m.recall(Number(m.line()))),
  0x68: (m) => m.push(m.recall(m.byte())),
  0x6a: (m) => m.push(m.recall(u32(m))),
  0x70: (m) => m.remember(Number(m.line()), m.top()),
  0x71: (m) => m.remember(m.byte(), m.top()),
  0x72: (m) => m.remember(u32(m), m.top()),
  0x94: (m) => m.remember(m.memoSize(), m.top()),
  0x80: (m) => {
    const protocol = m.byte()
    if (protocol > MAX_PROTOCOL) throw m.fail(`protocol ${protocol} is not known.`)
  },
  0x95: (m) => void m.need(8), // a frame's length: only a hint for streaming readers
  0x88: (m) => m.push(true),
  0x89: (m) => m.push(false),
  0x8a: (m) => m.push(long(m, m.byte())),
  0x8b: (m) => m.push(long(m, i32(m))),
}
