/**
 * Prints what ridge regressions reach on the recordings of a config: the lines that networks have to beat.
 *
 *   node --import tsx bench/real-data/baselines.ts <config.yaml> [--folder .]
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { neuralBaselines } from '../../src-main/engine/eval/baselines/neural-baseline.ts'
import { BASELINE_FEATURES } from '../../src-main/engine/eval/baselines/image-features.ts'
import { cotrainHome } from '../../src-main/disk/home.ts'
import { loadBackend } from '../../src-main/io/native/load-backend.ts'
import { parseConfigText } from '../../src-main/runs/create/config-text.ts'
import { buildData } from '../../src-main/data/assemble/build-data.ts'
import { CotrainError } from '../../src-shared/contract/errors.ts'

const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string', default: '.' } },
})
const file = positionals[0] ?? ''
const { config, problems } = parseConfigText(readFileSync(file, 'utf8'), file)
if (config === null) throw new CotrainError(problems)
await loadBackend()
const now = (): number => performance.now()
const deps = { home: cotrainHome(), folder: o.folder, now, date: () => new Date() }
const built = await buildData(config.dataset, config.data_seed, deps)
for (const features of BASELINE_FEATURES) {
  const began = now()
  const work = neuralBaselines(built.data, features)
  let step = await work.next()
  while (step.done !== true) step = await work.next()
  const seconds = ((now() - began) / 1000).toFixed(1)
  for (const { scores, part, taught, scored } of step.value) {
    const values = [...(scores.columns.get('avg_correlation') ?? [])]
    const mean = values.reduce((s, v) => s + v, 0) / values.length
    console.log(
      `${features} ${scores.session} ${part}: ${mean.toFixed(3)} (${taught} taught, ${scored} scored)`,
    )
  }
  console.log(`${features}: ${seconds} s`)
}
built.dispose()
