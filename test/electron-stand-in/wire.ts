/**
 * Values as they cross between page and main process: JSON with marks for what a structured clone keeps and JSON does not.
 * The same text of functions runs on both sides.
 */
export const WIRE = String.raw`
const wire = (() => {
  const pack = (value) => {
    if (value === undefined) return { $: 'undefined' }
    if (typeof value === 'number' && !Number.isFinite(value)) return { $: 'number', v: String(value) }
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) }
    if (value === null || typeof value !== 'object') return value
    if (value instanceof Date) return { $: 'date', v: value.getTime() }
    if (value instanceof Map) return { $: 'map', v: [...value].map(([k, x]) => [pack(k), pack(x)]) }
    if (value instanceof Set) return { $: 'set', v: [...value].map(pack) }
    if (ArrayBuffer.isView(value)) return { $: value.constructor.name, v: [...value] }
    if (value instanceof Error) return { $: 'error', v: [value.name, value.message] }
    if (Array.isArray(value)) return value.map(pack)
    return { $: 'object', v: Object.entries(value).map(([k, x]) => [k, pack(x)]) }
  }
  const unpack = (value) => {
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(unpack)
    const { $: kind, v } = value
    if (kind === 'undefined') return undefined
    if (kind === 'number') return Number(v)
    if (kind === 'bigint') return BigInt(v)
    if (kind === 'date') return new Date(v)
    if (kind === 'map') return new Map(v.map(([k, x]) => [unpack(k), unpack(x)]))
    if (kind === 'set') return new Set(v.map(unpack))
    if (kind === 'error') return Object.assign(new Error(v[1]), { name: v[0] })
    if (kind === 'object') return Object.fromEntries(v.map(([k, x]) => [k, unpack(x)]))
    return globalThis[kind].from(v)
  }
  // structuredClone refuses what cannot cross (functions, symbols), as Electron does.
  return {
    pack: (value) => JSON.stringify(pack(structuredClone(value))),
    unpack: (text) => unpack(JSON.parse(text)),
  }
})()`

interface Wire {
  pack(value: unknown): string
  unpack(text: string): unknown
}

// The text above is ours; it is evaluated here so that page and main process cannot differ.
export const wire = new Function(`${WIRE}; return wire`)() as Wire
