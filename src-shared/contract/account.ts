import { z } from 'zod'

/** What a part of a data set can be. */
const KINDS = ['file', 'folder', 'image', 'class', 'split', 'session', 'array', 'unit', 'trial'] as const

/** Accounts of earlier versions, which are kept with their sets, say picture. */
const accountKind = z.preprocess((kind) => (kind === 'picture' ? 'image' : kind), z.enum(KINDS))

export const leftOutSchema = z.object({
  kind: accountKind,
  /** The first names of those that share the reason, as they are called in the source. */
  name: z.string(),
  /** How many share the reason. */
  count: z.number().int().min(1),
  /** Why it is not used: the second half of "... is not used: ". */
  reason: z.string(),
  /** What to do; empty where nothing is lost. */
  fix: z.string(),
  /** note: nothing is lost. warning: look at it. error: labels shift, or a split or class is lost. */
  severity: z.enum(['note', 'warning', 'error']),
})

/** What became of everything that a path held: kept with the set and shown wherever the set is. */
export const dataAccount = z.object({
  used: z.array(
    z.object({
      kind: accountKind,
      name: z.string(),
      /** What it holds, with numbers: "24 images", "8 trials, 3 units". */
      content: z.string(),
    }),
  ),
  left: z.array(leftOutSchema),
})

export type AccountKind = (typeof KINDS)[number]

/** The kind as the Data page calls it. */
export const kindWord = (kind: AccountKind): string => (kind === 'split' ? 'part' : kind)
/** One or several parts that are not used, for one reason. */
export type LeftOut = Readonly<z.infer<typeof leftOutSchema>>
export type DataAccount = Readonly<z.infer<typeof dataAccount>>

/** Names that one line shows. */
const SHOWN = 5

/** Parts that are left out for one reason, as one line of the account; no line where there are none. */
export function leftOut(
  kind: AccountKind,
  names: readonly (string | number)[],
  { severity = 'note', reason, fix = '' }: { severity?: LeftOut['severity']; reason: string; fix?: string },
): LeftOut[] {
  if (names.length === 0) return []
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return [{ kind, name: names.slice(0, SHOWN).join(', ') + more, count: names.length, reason, fix, severity }]
}
