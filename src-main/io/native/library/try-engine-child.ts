import { argv } from 'node:process'
import type { Binding } from './open-binding.ts'
import { openBinding } from './open-binding.ts'

/** The part of tfjs-node's binding that a product needs. */
interface Products {
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_TYPE: number
  readonly TF_FLOAT: number
  readonly TF_Version: string
  createTensor(shape: readonly number[], type: number, values: Float32Array): number
  executeOp(
    name: string,
    attributes: readonly object[],
    inputs: readonly number[],
    outputs: number,
  ): { id: number }[]
  tensorDataSync(id: number): Float32Array
  isUsingGpuDevice(): boolean
}

/** A child may crash where we must not; it needs the binding alone, no TensorFlow.js. `timed`: side of a larger product. */
const { timed, ...binding } = JSON.parse(argv[2] ?? '') as Binding & { readonly timed: number | null }
const b = openBinding(binding) as Products
const attributes = [
  ...['transpose_a', 'transpose_b'].map((name) => ({ name, type: b.TF_ATTR_BOOL, value: false })),
  { name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT },
]

function square(side: number, values: Float32Array): Float32Array {
  const a = b.createTensor([side, side], b.TF_FLOAT, values)
  const [product] = b.executeOp('MatMul', attributes, [a, a], 1)
  return b.tensorDataSync(product!.id) // one output
}

const small = square(2, Float32Array.of(1, 2, 3, 4))
if (small.join() !== '7,10,15,22') throw new Error(`MatMul gave ${small.join()}`)
const ms = timed === null ? null : timedProduct(timed)
console.log(JSON.stringify({ version: b.TF_Version, gpu: b.isUsingGpuDevice(), ms }))

/** Milliseconds of the second of two products; the binding names its device with every operation, so it ran there. */
function timedProduct(side: number): number {
  const ones = new Float32Array(side * side).fill(1)
  square(side, ones)
  const began = performance.now()
  const product = square(side, ones)
  const took = performance.now() - began
  if (product[0] !== side) throw new Error(`MatMul gave ${product[0]} for ${side}`)
  return took
}
