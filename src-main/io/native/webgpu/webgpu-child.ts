import type { Rank } from '@tensorflow/tfjs-core'
import { matMul, ones } from '@tensorflow/tfjs-core'
import { adapterOrWhyNot, factsOf } from './open-adapter.ts'
import { startWebgpu } from './start-webgpu.ts'

/** Multiplies two matrices of a side on the adapter of this machine; in one line what came of it. */
async function multiplied(side: number): Promise<string> {
  const { name, isSoftware } = await startWebgpu()
  const a = ones<Rank.R2>([side, side])
  const product = async (): Promise<number | undefined> => (await matMul(a, a).data())[0]
  await product() // the first one builds the program
  const began = performance.now()
  const isRight = (await product()) === side
  return JSON.stringify({ isRight, ms: performance.now() - began, name, isSoftware })
}

/** In one line what adapter there is, or why there is none. */
async function looked(): Promise<string> {
  const found = await adapterOrWhyNot()
  return JSON.stringify(typeof found === 'string' ? { none: found } : factsOf(found))
}

/** `look` tells what adapter there is; a number multiplies matrices of this side on it. */
const [, , asked = 'look'] = process.argv
try {
  console.log(asked === 'look' ? await looked() : await multiplied(Number(asked)))
  process.exit(0) // Dawn keeps a process alive
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
