import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { useBackend } from '../support/backend.ts'
import type { NumberFormat } from '../../src-main/engine/proof/base/tolerances.ts'
import { setConvPrecision } from '../../src-main/engine/tensor/index.ts'
import { compareIn } from './compare.ts'
import { type GoldenArea, type GoldenCase, type GoldenOutcome, NotComparable } from './golden-case.ts'

/**
 * Compares the engine with numbers of the published PyTorch code: every area that has a module beside this file and a
 * folder under COTRAIN_GOLDEN_DIR (default: the fixtures of this repository). `npm run test:golden -- vgg cores` and
 * `-- --areas vgg,cores` run only the named areas; COTRAIN_ENGINE chooses the backend. docs/guide/golden.md says
 * what is compared, and which cases are skipped and why.
 */
const here = import.meta.dirname
const folder = resolve(process.env['COTRAIN_GOLDEN_DIR'] ?? join(here, '../fixtures/golden'))

async function areas(): Promise<GoldenArea[]> {
  const found: GoldenArea[] = []
  for (const name of readdirSync(here).sort()) {
    if (!name.endsWith('.ts') || name === 'run.ts') continue
    const module = (await import(pathToFileURL(join(here, name)).href)) as Partial<GoldenArea>
    if (module.area !== undefined && module.cases !== undefined) found.push(module as GoldenArea)
  }
  return found
}

/** Areas whose products are those of networks alone; training and losses have formats of their own, or none. */
const IN_OTHER_FORMATS = ['cores', 'vgg']

const { values, positionals } = parseArgs({
  options: { areas: { type: 'string' }, precision: { type: 'string', default: 'float32' } },
  allowPositionals: true,
})

function formatAsked(): NumberFormat {
  const { precision } = values
  if (precision === 'float32' || precision === 'tf32' || precision === 'bfloat16') return precision
  console.error(`no such precision: ${precision}. Precisions: float32, tf32, bfloat16`)
  process.exit(2)
}

/** Areas asked for by position or with `--areas a,b`; all where none is named. */
function areasAsked(known: readonly string[]): ReadonlySet<string> {
  const asked = [...positionals, ...(values.areas ?? '').split(',')].filter((name) => name !== '')
  const wrong = asked.filter((name) => !known.includes(name))
  if (wrong.length > 0) {
    console.error(`no such area: ${wrong.join(', ')}. Areas: ${known.join(', ')}`)
    process.exit(2)
  }
  return new Set(asked.length > 0 ? asked : known)
}

const failure = (error: unknown): GoldenOutcome => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { maxError: NaN, tolerance: 'runs', ok: false, detail: text.split('\n').slice(0, 4).join(' | ') }
}

const notCompared = (error: unknown): GoldenOutcome =>
  error instanceof NotComparable ? { ...failure(error), skipped: error.message } : failure(error)

const failing = (name: string, text: string): GoldenCase => ({
  name,
  run: () => Promise.resolve({ maxError: NaN, tolerance: 'runs', ok: false, detail: text }),
})

/** Cases of an area; a folder that cannot be read, or in which nothing is compared, is a failing case of its own. */
async function casesOf({ area, cases }: GoldenArea): Promise<readonly GoldenCase[]> {
  const files = readdirSync(join(folder, area)).filter((name) => name.endsWith('.json'))
  try {
    const found = await cases(folder)
    return found.length > 0 ? found : [failing('cases', `${files.length} files, none with a case known here`)]
  } catch (error) {
    return [failing('files', failure(error).detail ?? '')]
  }
}

function report(area: string, name: string, outcome: GoldenOutcome): 'passed' | 'failed' | 'skipped' {
  const { ok, maxError, tolerance, detail, skipped, notes = [] } = outcome
  if (skipped !== undefined) {
    console.log(`skipped ${area}/${name}: ${skipped}`)
    return 'skipped'
  }
  const extra = detail === undefined ? '' : `  ${detail}`
  const error = maxError.toExponential(2)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${area}/${name}  max error ${error} (${tolerance})${extra}`)
  for (const note of notes) console.log(`       note: ${note}`)
  return ok ? 'passed' : 'failed'
}

const known = await areas()
const format = formatAsked()
const offered = known
  .map(({ area }) => area)
  .filter((area) => format === 'float32' || IN_OTHER_FORMATS.includes(area))
const wanted = areasAsked(offered)
process.env['NVIDIA_TF32_OVERRIDE'] = format === 'tf32' ? '1' : '0' // read when the library is loaded
const backend = await useBackend()
setConvPrecision(format)
compareIn(format)
console.log(
  `golden numbers of ${folder} in ${format} on ${backend.name}${backend.gpu ? ' on a card' : ''} (${backend.reason})`,
)
const counts = { passed: 0, failed: 0, skipped: 0, failures: [] as string[] }
for (const one of known) {
  const { area } = one
  if (!wanted.has(area)) continue
  if (!existsSync(join(folder, area))) {
    console.log(`skipped ${area}: no folder of that name`)
    counts.skipped += 1
    continue
  }
  for (const { name, run } of await casesOf(one)) {
    const outcome = report(area, name, await run().catch(notCompared))
    counts[outcome] += 1
    if (outcome === 'failed') counts.failures.push(`${area}/${name}`)
  }
}
for (const entry of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
  if (!entry.isDirectory() || known.some(({ area }) => area === entry.name)) continue
  console.log(`skipped ${entry.name}: no module checks this area`)
  counts.skipped += 1
}
const file = process.env['COTRAIN_TEST_COUNTS']
if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1)
