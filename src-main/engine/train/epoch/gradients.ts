import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { add, addN, div, minimum, mul, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core'
import { readNumber } from '../../tensor/index.ts'
import type { Grads } from '../../types.ts'

/** Sum of gradients that were taken apart; disposes what it replaces. `pending` is changed and returned. */
export function accumulate(pending: Map<string, Tensor>, grads: Grads): Map<string, Tensor> {
  for (const [name, grad] of grads) {
    const earlier = pending.get(name)
    if (earlier === undefined) {
      pending.set(name, grad)
      continue
    }
    pending.set(name, add(earlier, grad))
    earlier.dispose()
    grad.dispose()
  }
  return pending
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

/** Scales gradients down to a global norm, without reading it; replaced tensors are disposed. */
export function clipToNorm(grads: Map<string, Tensor>, limit: number): void {
  if (grads.size === 0) return
  const factor = tidy(() => minimum<Scalar>(1, div(limit, norm(grads))))
  for (const [name, grad] of grads) {
    grads.set(name, mul(grad, factor))
    grad.dispose()
  }
  factor.dispose()
}

/** Norms of two gradients and the cosine between them over the parameters that both have; null where one is missing. */
export async function gradientBalance(
  a: Grads,
  b: Grads,
): Promise<{ normA: number; normB: number; cosine: number | null }> {
  const shared = [...a.keys()].filter((name) => b.has(name))
  const [normA, normB] = [await globalNorm(a), await globalNorm(b)]
  if (shared.length === 0) return { normA, normB, cosine: null }
  const pick = (grads: Grads): Grads => new Map(shared.map((name) => [name, grads.get(name) as Tensor]))
  const sharedA = await globalNorm(pick(a))
  const sharedB = await globalNorm(pick(b))
  const dot = await readNumber(() =>
    addN(shared.map((n) => sum(mul(a.get(n) as Tensor, b.get(n) as Tensor)))),
  )
  const lengths = sharedA * sharedB
  return { normA, normB, cosine: lengths > 0 ? dot / lengths : null }
}
