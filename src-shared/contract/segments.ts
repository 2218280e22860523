import { ENGINE_NAMES } from './engine-name.ts'
import type { RunEnvironment, RunSegment } from './run.ts'

/** Engine and processor of a segment: with another of either, equal seeds may give other numbers. */
function engineOf({ backend, tensorflow, gpu, device, cpu, setting }: RunEnvironment): string {
  const engine = [ENGINE_NAMES[backend], tensorflow].filter((part) => part !== null && part !== '').join(' ')
  const how = setting === undefined ? '' : ` with ${setting}`
  return `${engine}${how} on ${gpu ? `${device}, ` : ''}${cpu}`
}

/** `1 thread`. */
export const threadsOf = ({ threads }: RunEnvironment): string =>
  `${threads} ${threads === 1 ? 'thread' : 'threads'}`

/** Engine, processor and threads: all that decides the bits of a number. */
export const computedWith = (environment: RunEnvironment): string =>
  `${engineOf(environment)}, ${threadsOf(environment)}`

/** A segment that went on otherwise than the one before it. */
export interface SegmentChange {
  readonly segment: number
  readonly at: number
  /** `2 threads instead of 1 thread`. */
  readonly text: string
}

/** Where a run went on with another engine, processor or number of threads. */
export function segmentChanges(segments: readonly RunSegment[]): readonly SegmentChange[] {
  return segments.slice(1).flatMap(({ segment, at, environment }, i) => {
    const before = segments[i]!.environment // slice(1): i is the one before
    const changes = [engineOf, threadsOf].flatMap((words) =>
      words(environment) === words(before) ? [] : [`${words(environment)} instead of ${words(before)}`],
    )
    return changes.length === 0 ? [] : [{ segment, at, text: changes.join(', ') }]
  })
}

/** The engines and processors of several runs in the order of their first use; none where they all had the same. */
export function mixedEngines(runs: readonly (readonly RunSegment[])[]): readonly string[] {
  const found = [...new Set(runs.flatMap((segments) => segments.map((s) => engineOf(s.environment))))]
  return found.length > 1 ? found : []
}
