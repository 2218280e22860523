/** A tensor of the session that was built first, read by the later ones. */
export interface SharedTensor {
  /** Name of the owner's tensor; null: this session owns it. */
  readonly owner: string | null
  /** Identity of each unit; equal identities share. */
  readonly matchIds: ArrayLike<number>
}

/** Position of each identity among the sorted distinct ones, and their number (numpy's `unique` with inverse). */
export function sharingIndex(ids: ArrayLike<number>): { readonly index: Int32Array; readonly count: number } {
  const distinct = [...new Set(Array.from(ids))].sort((a, b) => a - b)
  const place = new Map(distinct.map((id, i) => [id, i]))
  return { index: Int32Array.from(Array.from(ids, (id) => place.get(id) ?? 0)), count: distinct.length }
}
