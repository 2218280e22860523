import { rcompare, satisfies } from '@renovatebot/pep440'

/** A package that another one needs. */
export interface Requirement {
  /** Name as an index lists it. */
  readonly project: string
  /** Versions that serve, after PEP 440: `<13.0,>=12.5.3.2`. */
  readonly specifier: string
}

/** `Requires-Dist: name<2,>=1; extra == "and-cuda"` (core metadata of Python packages). */
const LINE = /^Requires-Dist:\s*([\w.-]+)\s*(?:\(([^)]*)\)|([^;]*))\s*;\s*(.*)$/

/** What the metadata of a wheel asks for under one of its extras alone. */
export function requirementsOf(metadata: string, extra: string): Requirement[] {
  return metadata.split(/\r?\n/).flatMap((line) => {
    const [, name = '', bracketed, plain, condition = ''] = LINE.exec(line) ?? []
    const asked = /^extra\s*==\s*["']([^"']+)["']$/.exec(condition.trim())?.[1]
    if (asked !== extra) return []
    return [{ project: normalised(name), specifier: (bracketed ?? plain ?? '').trim() }]
  })
}

/** PEP 503: names differ in case, dots and dashes only. */
const normalised = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

/** The newest of these versions that serves; null where none does. */
export const newestFor = (versions: readonly string[], { specifier }: Requirement): string | null =>
  versions.filter((version) => satisfies(version, specifier)).sort(rcompare)[0] ?? null
