import type { Ready } from './ready.ts'
import type { Link } from './step.ts'
import type { Source, Trace } from './trace.ts'

/** A part of a whole: where its own begins there. */
interface Part {
  readonly link: Link<unknown>
  readonly trace: Trace
  readonly given: number
  readonly drawn: number
  readonly constants: number
  readonly operations: number
}

/**
 * Traces of steps one after the other as one: what all are given, then what all draw. A value that an earlier step has renewed comes from
 * there. None of them changes variables.
 */
export function joinedTrace(links: readonly Link<unknown>[], ready: readonly Ready[]): Trace {
  const parts = partsOf(links, ready)
  const renewed = new Map<string, Source>()
  const wanted: Source[] = []
  const operations: Trace['operations'][number][] = []
  parts.forEach((part, k) => {
    const place = placeIn(part, new Map(renewed))
    for (const one of part.trace.operations) operations.push({ ...one, sources: one.sources.map(place) })
    const own = part.trace.wanted.map(place)
    for (const [name, at] of part.link.renewed(ready[k]!.beside)) renewed.set(name, own[at]!)
    wanted.push(...own)
  })
  const of = <T>(list: (part: Part) => readonly T[]): readonly T[] => parts.flatMap(list)
  return {
    given: [
      ...of(({ link, trace }) => trace.given.slice(0, link.step.given.length)),
      ...of(({ link, trace }) => trace.given.slice(link.step.given.length)),
    ],
    constants: of(({ trace }) => trace.constants),
    operations,
    wanted,
    values: parts.reduce((sum, { trace }) => sum + trace.values, 0),
  }
}

function partsOf(links: readonly Link<unknown>[], ready: readonly Ready[]): readonly Part[] {
  const at = {
    given: 0,
    drawn: links.reduce((sum, { step }) => sum + step.given.length, 0),
    constants: 0,
    operations: 0,
  }
  return links.map((link, k) => {
    const { trace } = ready[k]!
    const part = { link, trace, ...at }
    at.given += link.step.given.length
    at.drawn += trace.given.length - link.step.given.length
    at.constants += trace.constants.length
    at.operations += trace.operations.length
    return part
  })
}

/** From where a part takes something, said of the whole. */
function placeIn(part: Part, renewed: ReadonlyMap<string, Source>): (source: Source) => Source {
  const { link, given, drawn, constants, operations } = part
  const own = link.step.given.length
  const earlier = new Map([...renewed].map(([name, source]) => [link.places.get(name), source]))
  return (source) => {
    if ('op' in source) return { op: operations + source.op, out: source.out }
    if ('constant' in source) return { constant: constants + source.constant }
    if (source.given >= own) return { given: drawn + source.given - own }
    return earlier.get(source.given) ?? { given: given + source.given }
  }
}
