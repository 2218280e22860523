import type { Tensor } from '@tensorflow/tfjs-core'
import { add, addN, mul, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core'
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

/** Euclidean norm over all gradients. */
export function globalNorm(grads: Grads): number {
  if (grads.size === 0) return 0
  return tidy(() => sqrt(addN([...grads.values()].map((g) => sum(square(g))))).dataSync()[0]!)
}

/** Scales gradients down to a global norm; replaced tensors are disposed. Returns the norm before. */
export function clipToNorm(grads: Map<string, Tensor>, limit: number): number {
  const norm = globalNorm(grads)
  if (norm <= limit) return norm
  for (const [name, grad] of grads) {
    grads.set(
      name,
      tidy(() => mul(grad, limit / norm)),
    )
    grad.dispose()
  }
  return norm
}

/** Norms of two gradients and the cosine between them over the parameters that both have; null where one is missing. */
export function gradientBalance(a: Grads, b: Grads): { normA: number; normB: number; cosine: number | null } {
  const shared = [...a.keys()].filter((name) => b.has(name))
  if (shared.length === 0) return { normA: globalNorm(a), normB: globalNorm(b), cosine: null }
  const pick = (grads: Grads): Grads => new Map(shared.map((name) => [name, grads.get(name) as Tensor]))
  const sharedA = globalNorm(pick(a))
  const sharedB = globalNorm(pick(b))
  const dot = tidy(
    () => addN(shared.map((n) => sum(mul(a.get(n) as Tensor, b.get(n) as Tensor)))).dataSync()[0]!,
  )
  const lengths = sharedA * sharedB
  return { normA: globalNorm(a), normB: globalNorm(b), cosine: lengths > 0 ? dot / lengths : null }
}
