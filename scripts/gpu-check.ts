import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { nvidiaDevices } from '../src-main/io/native/devices/nvidia.ts'
import type { CheckResult, CheckStep } from './gpu-check/plan.ts'
import { allowance, checkPlan, exitCode, reportText, USUAL_MINUTES } from './gpu-check/plan.ts'
import type { Bench } from './gpu-check/steps.ts'
import { WORK } from './gpu-check/steps.ts'

/**
 * Checks an engine on a machine with a card, in less than ten minutes and a home of its own:
 *
 *   npx tsx scripts/gpu-check.ts [--from <folder>] [--engine gpu|native|wasm] [--out <folder>] [--minutes 10]
 *                            [--kept-proof] [--keep]
 *
 * `--from`: a folder of wheels in place of the network, or the engine folder of another home, which stays as it is.
 * `--kept-proof`: with the proofs of that engine, for a second try. `--keep`: leave the home with its runs and its engine.
 * Writes report.md and report.json to --out. Ends with 0 only if every step passed, with 2 where there is no card.
 */
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'gpu' },
    from: { type: 'string' },
    out: { type: 'string' },
    minutes: { type: 'string', default: String(USUAL_MINUTES) },
    'kept-proof': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const from = values.from === undefined ? null : resolve(values.from)
const wish = {
  engine: values.engine,
  from,
  isSetUp: from !== null && existsSync(join(from, 'native.json')),
  keepsProof: values['kept-proof'],
}
const minutes = Number(values.minutes)
if (!(minutes > 0)) {
  console.error(`--minutes: expected a number above 0, got "${values.minutes}".`)
  process.exit(2)
}
const plan = checkPlan(wish, minutes)

const cards = await nvidiaDevices()
if (wish.engine === 'gpu' && cards.length === 0) {
  console.log('There is no NVIDIA card with a driver here. With one, these steps would be done:')
  for (const { name, does, limitSeconds } of plan)
    console.log(`- ${name}: ${does} (at most ${limitSeconds} s)`)
  process.exit(2)
}

const out = resolve(values.out ?? mkdtempSync(join(tmpdir(), 'cotrain-gpu-check-')))
const home = join(out, 'home')
mkdirSync(home, { recursive: true })
const bench: Bench = { wish, home, doctor: null, runId: '' }
const began = performance.now()
const elapsed = (): number => (performance.now() - began) / 1000

async function perform(step: CheckStep): Promise<CheckResult> {
  const start = elapsed()
  const seconds = allowance(step, 60 * minutes - start)
  console.error(`── ${step.name}: ${step.does} (at most ${seconds.toFixed(0)} s)`)
  if (seconds === 0) return { name: step.name, outcome: 'not run', seconds: 0, detail: 'no time was left.' }
  const found = await WORK[step.name](bench, seconds).catch((error: unknown) => {
    return { outcome: 'failed', detail: error instanceof Error ? error.message : String(error) } as const
  })
  const result = { name: step.name, ...found, seconds: elapsed() - start }
  console.error(`── ${step.name}: ${result.outcome} in ${result.seconds.toFixed(1)} s: ${result.detail}`)
  return result
}

const results: CheckResult[] = []
for (const step of plan) {
  const result = await perform(step)
  results.push(result)
  if (step.isNeeded && result.outcome !== 'passed') break
}
const { machine, versions } = bench.doctor ?? {}
const head = [
  `engine: ${wish.engine}, ${minutes} minutes at most`,
  `cards: ${cards.length === 0 ? 'none' : cards.map((c) => `${c.name} (driver ${c.driver})`).join(', ')}`,
  ...(machine ? [`machine: ${machine.cpu}, ${machine.cores} cores, ${machine.os}`] : []),
  ...(versions
    ? [`CoTrain ${versions.app}, Node ${versions.node}, TensorFlow ${versions.tensorflow ?? '-'}`]
    : []),
]
const text = reportText(head, plan, results)
writeFileSync(join(out, 'report.md'), text)
writeFileSync(
  join(out, 'report.json'),
  `${JSON.stringify({ wish, cards, machine, versions, plan, results }, null, 1)}\n`,
)
if (!values.keep) rmSync(home, { recursive: true, force: true })
console.log(text)
console.log(`Written to ${out}`)
process.exitCode = exitCode(plan, results)
