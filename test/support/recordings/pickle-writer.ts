/** A NumPy array to be pickled: bytes in little-endian order. */
export interface PickledNumbers {
  readonly shape: readonly number[]
  /** NumPy's name of the type: f4, f8, i8, u1. */
  readonly type: string
  readonly bytes: Uint8Array
}

type Value = string | number | PickledNumbers

/** Pickles a dict of texts, whole numbers and NumPy arrays as Python does with protocol 3. */
export function pickleDict(dict: Readonly<Record<string, Value>>): Uint8Array {
  const out: Uint8Array[] = []
  const put = (...bytes: number[]): void => void out.push(Uint8Array.from(bytes))
  const text = (value: string): void => {
    const bytes = new TextEncoder().encode(value)
    put(0x58, ...int32(bytes.length)) // BINUNICODE
    out.push(bytes)
  }
  const int = (value: number): void => put(0x4a, ...int32(value)) // BININT
  const raw = (bytes: Uint8Array): void => {
    put(0x42, ...int32(bytes.length)) // BINBYTES
    out.push(bytes)
  }
  const global = (module: string, name: string): void =>
    void out.push(new TextEncoder().encode(`c${module}\n${name}\n`))
  const array = ({ shape, type, bytes }: PickledNumbers): void => {
    global('numpy.core.multiarray', '_reconstruct')
    put(0x28) // MARK
    global('numpy', 'ndarray')
    put(0x28)
    int(0)
    put(0x74) // TUPLE
    raw(Uint8Array.of(98))
    put(0x74, 0x52) // TUPLE REDUCE
    put(0x28)
    int(1)
    put(0x28)
    shape.forEach(int)
    put(0x74)
    global('numpy', 'dtype')
    put(0x28)
    text(type)
    put(0x89, 0x88, 0x74, 0x52) // False True TUPLE REDUCE
    put(0x28)
    int(3)
    text(type === 'u1' ? '|' : '<')
    put(0x4e, 0x4e, 0x4e) // None
    int(-1)
    int(-1)
    int(0)
    put(0x74, 0x62) // TUPLE BUILD
    put(0x89) // not Fortran
    raw(bytes)
    put(0x74, 0x62)
  }
  put(0x80, 3, 0x7d, 0x28) // PROTO 3, EMPTY_DICT, MARK
  for (const [key, value] of Object.entries(dict)) {
    text(key)
    if (typeof value === 'string') text(value)
    else if (typeof value === 'number') int(value)
    else array(value)
  }
  put(0x75, 0x2e) // SETITEMS STOP
  return Uint8Array.from(Buffer.concat(out))
}

function int32(value: number): number[] {
  const view = new DataView(new ArrayBuffer(4))
  view.setInt32(0, value, true)
  return [...new Uint8Array(view.buffer)]
}
