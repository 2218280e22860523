import type { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { type LeftOut, leftOut } from '../../../../src-shared/contract/account.ts'
import type { Units } from '../../canonical/set.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import { nameSome } from '../../../engine/data/doctor/finding.ts'
import type { ImportChoice, ImportedSession } from './importer.ts'
import type { Area } from '../../../../src-shared/schema/names.ts'

/** What the user said about areas. */
export interface AreaOptions {
  readonly area?: Area
  readonly areas: Readonly<Record<string, Area | 'leave out'>>
}

/** A session of one area: V1, V4, or empty where nobody said it. */
export type AreaSession = ImportedSession & { readonly area: string }

export interface ByArea {
  readonly sessions: readonly AreaSession[]
  readonly choices: readonly ImportChoice[]
  readonly left: readonly LeftOut[]
}

const UNSTATED = /^(|unknown|n\/?a|none|null|nan|\?)$/i
/** V1 by its usual names; VISp with a layer is V1, VISpm and VISpor are not. */
const V1 = /^(area )?(v1|visp(\d.*)?|primary visual (cortex|area)|striate cortex|area 17|a17)$/i
const V4 = /^(area )?v4$/i

/**
 * One session for each area that a session's units come from. V1 and V4 are taken as they are; any other area is a
 * decision of the user. @throws CotrainError naming the areas where a decision is wanting.
 */
export function splitByArea(session: ImportedSession, options: AreaOptions, file: string): ByArea {
  const names = areaNames(session)
  const found = [...new Set(names)]
  const decided = new Map(found.map((name) => [name, decide(name, found, options)]))
  const open = found.filter((name) => decided.get(name) === null)
  if (open.length > 0) throw undecided(file, session.key, open, names, options)
  const parts = found.flatMap((name) => {
    const area = decided.get(name)
    if (area === 'leave out' || area == null) return []
    const key =
      found.length === 1 ? session.key : `${session.key}-${(name || 'unknown').replaceAll('/', '-')}`
    const units = names.flatMap((own, unit) => (own === name ? [unit] : []))
    return [{ ...keepUnits(session, units), key, area: area.toUpperCase() }]
  })
  const out = found.filter((name) => decided.get(name) === 'leave out')
  return {
    sessions: parts,
    choices: found.flatMap((name) => choiceOf(name, decided.get(name) ?? '')),
    left: out.flatMap((name) =>
      leftOut(
        'unit',
        session.units.id.filter((_, unit) => names[unit] === name),
        {
          reason: `recorded in ${name}, which is to be left out.`,
        },
      ),
    ),
  }
}

function areaNames({ area, units }: ImportedSession): string[] {
  const clean = (name: string): string => (UNSTATED.test(name.trim()) ? '' : name.trim())
  return typeof area === 'string' ? units.id.map(() => clean(area)) : area.map(clean)
}

const standard = (name: string): Area | null => (V1.test(name) ? 'v1' : V4.test(name) ? 'v4' : null)

/** What becomes of the units of an area; '' where nobody says it, null where somebody must. */
function decide(
  name: string,
  found: readonly string[],
  { area, areas }: AreaOptions,
): Area | 'leave out' | '' | null {
  const said = Object.entries(areas).find(([key]) => key.trim().toLowerCase() === name.toLowerCase())?.[1]
  if (said !== undefined && name !== '') return said
  if (name === '') return area ?? (found.length === 1 ? '' : null)
  const known = standard(name)
  if (known !== null) return area === undefined || area === known ? known : null
  return area !== undefined && found.length === 1 ? area : null
}

function undecided(
  file: string,
  key: string,
  open: readonly string[],
  names: readonly string[],
  { area }: AreaOptions,
): CotrainError {
  const counted = open.map((name) => {
    const count = names.filter((own) => own === name).length
    return `${name === '' ? 'no area' : name} (${count} ${count === 1 ? 'unit' : 'units'})`
  })
  const [first = ''] = open.filter((name) => name !== '')
  const against = area !== undefined && open.some((name) => standard(name) !== null)
  return invalidFile(
    file,
    `session ${key}, area of the units`,
    against
      ? `the file says ${counted.join(', ')}, the option area says ${area}.`
      : `names ${counted.join(', ')}, which ${open.length === 1 ? 'is' : 'are'} neither V1 nor V4.`,
    first === ''
      ? 'State the option area (--area v1 or v4) for the units without one.'
      : `Say what becomes of them with the option areas, such as {"${first}": "v1"}, "v4" or "leave out"${against ? ', or drop the option area' : ''}.`,
    first === '' ? ['area'] : against ? ['areas', 'area'] : ['areas'],
  )
}

function choiceOf(name: string, area: string): ImportChoice[] {
  if (area === '' || area === 'leave out' || standard(name) === area) return []
  const value = name === '' ? area.toUpperCase() : `${name}, trained as ${area.toUpperCase()}`
  return [{ what: 'Area', value, by: 'option' }]
}

/** The session with some of its units, in the given order. */
export function keepUnits<S extends Pick<ImportedSession, 'units' | 'responses' | 'bins' | 'trials'>>(
  session: S,
  kept: readonly number[],
): S {
  const { units, responses, bins } = session
  const count = units.id.length
  if (kept.length === count && kept.every((unit, i) => unit === i)) return session
  const trials = session.trials.imageId.length
  const out = new Float32Array(trials * kept.length * bins)
  for (let trial = 0; trial < trials; trial++)
    kept.forEach((unit, i) => {
      const from = (trial * count + unit) * bins
      out.set(responses.subarray(from, from + bins), (trial * kept.length + i) * bins)
    })
  return { ...session, units: pickUnits(units, kept), responses: out }
}

function pickUnits(units: Units, kept: readonly number[]): Units {
  const { id, type, layer, depthUm, xyzUm, quality, matchId } = units
  const text = (values: readonly string[]): string[] => kept.map((unit) => values[unit] ?? '')
  return {
    id: text(id),
    ...(type && { type: Int32Array.from(kept, (unit) => type[unit] ?? 0) }),
    ...(layer && { layer: text(layer) }),
    ...(depthUm && { depthUm: Float32Array.from(kept, (unit) => depthUm[unit] ?? NaN) }),
    ...(xyzUm && {
      xyzUm: Float32Array.from(kept.flatMap((unit) => [...xyzUm.subarray(3 * unit, 3 * unit + 3)])),
    }),
    ...(quality && { quality: text(quality) }),
    ...(matchId && { matchId: text(matchId) }),
  }
}

/** What a finding says where no one told the area. */
export const AREA_NOT_STATED = (keys: readonly string[]): string =>
  `Neither the files nor you say where the units of ${nameSome(keys)} were recorded.`
