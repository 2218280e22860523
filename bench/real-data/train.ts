/**
 * Trains a config in this process, without queue and run folder, and prints its validation curve and final scores.
 *
 *   node --import tsx bench/real-data/train.ts <config.yaml> [--folder .] [--seed 1000] [--out result.json] [--threads 2]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseConfigText } from '../../src-main/runs/create/config-text.ts'
import { buildData } from '../../src-main/data/assemble/build-data.ts'
import { buildModel, countParameters } from '../../src-main/engine/model/index.ts'
import type { NamedArrays } from '../../src-main/engine/types.ts'
import { train } from '../../src-main/engine/train/index.ts'
import { cotrainHome } from '../../src-main/disk/home.ts'
import { loadBackend } from '../../src-main/io/native/load-backend.ts'
import { CotrainError } from '../../src-shared/contract/errors.ts'

const { values: o, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: '.' },
    seed: { type: 'string' },
    out: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
})
const file = positionals[0] ?? ''
const { config, problems } = parseConfigText(readFileSync(file, 'utf8'), file)
if (config === null) throw new CotrainError(problems)
const seed = o.seed === undefined ? config.seed : Number(o.seed)
const backend = await loadBackend({ engine: 'native', threads: Number(o.threads) })
const now = (): number => performance.now()
const deps = { home: cotrainHome(), folder: o.folder, now, date: () => new Date() }
const built = await buildData(config.dataset, config.data_seed, deps)
const model = buildModel(config.model, built.shapes)
const { values, tensors } = countParameters(model.specs)
console.log(`${config.name} seed ${seed} on ${backend.name}: ${values} parameters in ${tensors} tensors`)

const run = train({
  data: built.data,
  model,
  trainer: config.trainer,
  seed,
  start: null,
  checkpoint: null,
  now,
  stopRequest: () => 'no',
})
/** Mean over the units of each session that have a value. */
function sessionMeans(arrays: NamedArrays): Record<string, number> {
  const out: Record<string, number> = {}
  for (const [key, { data }] of arrays) {
    if (!key.startsWith('neurons/')) continue
    const known = [...data].filter((value) => !Number.isNaN(value))
    out[key] = known.reduce((sum, value) => sum + value, 0) / known.length
  }
  return out
}

const curve: unknown[] = []
for (;;) {
  const { done, value } = await run.next()
  if (done === true) {
    const result = {
      name: config.name,
      seed,
      scores: value.scores,
      sessions: sessionMeans(value.arrays),
      curve,
    }
    console.log(JSON.stringify({ ...result, curve: undefined }, null, 1))
    if (o.out !== undefined) writeFileSync(o.out, JSON.stringify(result, null, 1))
    break
  }
  if (value.kind === 'log') console.log(`${value.level}: ${value.text}`)
  if (value.kind === 'mark') console.log(`epoch ${value.epoch} ${value.mark}: ${value.text}`)
  if (value.kind === 'metrics' && Object.keys(value.values).some((key) => key.startsWith('Validation/'))) {
    curve.push({ epoch: value.epoch, ...value.values })
    const shown = Object.entries(value.values).map(([key, v]) => `${key} ${v.toPrecision(4)}`)
    console.log(`epoch ${value.epoch}  ${shown.join('  ')}`)
  }
}
built.dispose()
