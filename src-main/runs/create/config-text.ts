import { LineCounter, isMap, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import { hasManyAnchors, nestsTooDeep } from '../../../src-shared/util/yaml-bounds.ts'
import { repeatedKey } from './repeated-key.ts'

/** A config is a page of text: anything larger is a mistake or an attack. */
export const MAX_CONFIG_BYTES = 1_000_000

export interface ParsedText {
  readonly config: RunConfig | null
  /** What the text says, before defaults; null when it is not YAML. */
  readonly given: unknown
  readonly problems: readonly Problem[]
}

interface Yaml {
  readonly given: unknown
  /** 1-based line of the deepest part of a field path that the text contains. */
  lineOf(path: string): number | null
}

/** Reads a config from YAML. Problems name the place: `file:line, field` where the line is known. */
export function parseConfigText(text: string, file = ''): ParsedText {
  const yaml = readYaml(text, file)
  if ('problem' in yaml) return { config: null, given: null, problems: [yaml.problem] }
  const { given, lineOf } = yaml
  const parsed = parseRunConfig(given)
  if (parsed.ok) return { config: parsed.value, given, problems: [] }
  const problems = listed(parsed.problems).map((problem) => {
    const field = problem.path ?? ''
    return { ...problem, path: placeIn(file, lineOf(field), field) }
  })
  return { config: null, given, problems }
}

/** The place of each is looked for in the whole text. */
const MAX_PROBLEMS = 100

function listed(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= MAX_PROBLEMS) return problems
  const message = `there are ${problems.length - MAX_PROBLEMS} more problems.`
  return [...problems.slice(0, MAX_PROBLEMS), { code: 'config-invalid', message, hint: 'Mend these first.' }]
}

/** The plain value of a YAML text. @throws CotrainError naming file and line. */
export function parseYaml(text: string, file = ''): unknown {
  const yaml = readYaml(text, file)
  if ('problem' in yaml) throw new CotrainError(yaml.problem)
  return yaml.given
}

/** Core schema, no aliases, no repeated keys. */
function readYaml(text: string, file: string): Yaml | { readonly problem: Problem } {
  const refuse = (path: string, message: string, hint: string): { problem: Problem } => ({
    problem: { code: 'config-invalid', path, message, hint },
  })
  if (Buffer.byteLength(text) > MAX_CONFIG_BYTES)
    return refuse(
      placeIn(file, null),
      'the text is larger than 1 MB.',
      'A config holds settings only; give data as paths.',
    )
  const refuseAliases = () =>
    refuse(placeIn(file, null), 'the text uses YAML aliases (&name, *name).', 'Write the values out.')
  if (hasManyAnchors(text)) return refuseAliases()
  if (nestsTooDeep(text))
    return refuse(placeIn(file, null), 'the text nests deeper than a config.', 'Write fewer levels.')
  const lines = new LineCounter()
  const document = parseDocument(text, {
    schema: 'core',
    // The parser compares each key with all others, which takes minutes for a megabyte of them: see `repeatedKey`.
    uniqueKeys: false,
    merge: false,
    lineCounter: lines,
    prettyErrors: false,
  })
  const lineOf = (offset: number): number => lines.linePos(offset).line
  const fault = document.errors[0] ?? document.warnings[0]
  if (fault !== undefined)
    return refuse(placeIn(file, lineOf(fault.pos[0])), sentence(fault.message), 'Mend the YAML at this line.')
  const repeated = repeatedKey(document)
  if (repeated !== null)
    return refuse(placeIn(file, lineOf(repeated)), 'map keys must be unique.', 'Mend the YAML at this line.')
  let given: unknown
  try {
    given = document.toJS({ maxAliasCount: 0 })
  } catch {
    return refuseAliases()
  }
  if (given === null || given === undefined)
    return refuse(placeIn(file, null), 'the text is empty.', 'Name a dataset, a model and a trainer.')
  return { given, lineOf: (path) => lineOfField(document, path.split('.'), lineOf) }
}

function placeIn(file: string, line: number | null, field = ''): string {
  const place = line === null ? file : file === '' ? `line ${line}` : `${file}:${line}`
  return [place, field].filter((part) => part !== '').join(', ')
}

/** Line of the deepest part of a field path that the text contains. */
function lineOfField(
  document: Document,
  path: readonly string[],
  lineOf: (offset: number) => number,
): number | null {
  let node: unknown = document.contents
  let line: number | null = null
  for (const part of path) {
    if (!isMap(node)) break
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
    if (pair === undefined) break
    if (isScalar(pair.key) && pair.key.range) line = lineOf(pair.key.range[0])
    node = pair.value
  }
  return line
}

const sentence = (text: string): string =>
  `${text.charAt(0).toLowerCase()}${text.slice(1).trim().replace(/\.$/, '')}.`
