import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { add, addN, div, minimum, mul, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core'
import type { Replaying } from '../../tensor/index.ts'
import { inPieces, readNumber } from '../../tensor/index.ts'
import type { Grads } from '../../types.ts'

/** Adds gradients to those before them; disposes what it replaces. `pending` is changed. `by`: replays it. */
export function accumulate(pending: Map<string, Tensor>, grads: Grads, by: Replaying): void {
  const both = [...grads].filter(([name]) => pending.has(name))
  for (const [name, grad] of grads) if (!pending.has(name)) pending.set(name, grad)
  for (const piece of inPieces(both, ([, grad]) => grad.size)) {
    const pairs = piece.map(([name, grad]) => [pending.get(name)!, grad] as const)
    const { tensors } = by.replayer.run({
      name: 'sum of gradients',
      key: ['sum', ...piece.map(([name]) => name)].join('|'),
      era: by.era,
      given: pairs.flat().map((one) => ({ value: () => one })),
      compute: () => ({ tensors: pairs.map(([earlier, grad]) => add(earlier, grad)), beside: null }),
    })
    pairs.flat().forEach((one) => one.dispose())
    piece.forEach(([name], i) => pending.set(name, tensors[i]!))
  }
}

/** Frees all tensors of a map. */
export function disposeAll(tensors: ReadonlyMap<string, Tensor>): void {
  for (const value of tensors.values()) value.dispose()
}

/** Euclidean norm over all gradients, on the device. */
const norm = (grads: Grads): Scalar => sqrt(addN([...grads.values()].map((g) => sum<Scalar>(square(g)))))

/** Euclidean norm over all gradients. */
export const globalNorm = async (grads: Grads): Promise<number> =>
  grads.size === 0 ? 0 : readNumber(() => norm(grads))

/** Scales gradients down to a global norm, without reading it; replaced tensors are disposed. `by`: replays it. */
export function clipToNorm(grads: Map<string, Tensor>, limit: number, by: Replaying): void {
  if (grads.size === 0) return
  const before = [...grads]
  const clipped = (): readonly Tensor[] => {
    const factor = tidy(() => minimum<Scalar>(1, div(limit, norm(grads))))
    const scaled = before.map(([, grad]) => mul(grad, factor))
    factor.dispose()
    return scaled
  }
  const { tensors } = by.replayer.run({
    name: 'clipping',
    key: ['clip', limit, ...grads.keys()].join('|'),
    era: by.era,
    given: before.map(([, grad]) => ({ value: () => grad })),
    compute: () => ({ tensors: clipped(), beside: null }),
  })
  before.forEach(([name, grad], i) => {
    grad.dispose()
    grads.set(name, tensors[i]!)
  })
}

/** Two gradients beside each other. */
export interface GradientBalance {
  readonly normA: number
  readonly normB: number
  /** Over the parameters that both have: norms and the cosine between them (null where one norm is 0); null where they share none. */
  readonly shared: { readonly normA: number; readonly normB: number; readonly cosine: number | null } | null
}

/** Norms of two gradients, whole and over the parameters that both have, and the cosine between them. */
export async function gradientBalance(a: Grads, b: Grads): Promise<GradientBalance> {
  const shared = [...a.keys()].filter((name) => b.has(name))
  const [normA, normB] = [await globalNorm(a), await globalNorm(b)]
  if (shared.length === 0) return { normA, normB, shared: null }
  const pick = (grads: Grads): Grads => new Map(shared.map((name) => [name, grads.get(name) as Tensor]))
  const sharedA = await globalNorm(pick(a))
  const sharedB = await globalNorm(pick(b))
  const dot = await readNumber(() =>
    addN(shared.map((n) => sum(mul(a.get(n) as Tensor, b.get(n) as Tensor)))),
  )
  const lengths = sharedA * sharedB
  const cosine = lengths > 0 ? dot / lengths : null
  return { normA, normB, shared: { normA: sharedA, normB: sharedB, cosine } }
}
