import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Rng } from '../../src-shared/util/rng.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import { callFaults } from './call-faults.ts'
import type { Figures } from './figures.ts'
import { openFigures } from './figures.ts'
import { garblings } from './garblings.ts'
import { kills } from './kills.ts'
import { repairs } from './repairs.ts'
import { powerLoss } from './power-loss.ts'
import { countingVictims, realVictims } from './victims.ts'

/**
 * What disks, systems and people can do to a store, tried. `npm run test:faults -- --seed 7 --calls 500` draws as many faults
 * with this seed; without numbers everything is tried. `--short` is the form of `npm test`; names of parts run these alone.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    short: { type: 'boolean', default: false },
    calls: { type: 'string' },
    kills: { type: 'string' },
    losses: { type: 'string' },
    garblings: { type: 'string' },
    'show-all': { type: 'boolean', default: false },
  },
})

/** Memory where there is some that is a file system: nothing is to survive a power loss of this machine. */
const MEMORY = '/dev/shm'
const scratch = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'cotrain-faults-'))
const number = (text: string | undefined, short: number, long: number): number =>
  text === undefined ? (values.short ? short : long) : Number(text)

type Part = (folder: string, rng: Rng, figures: Figures) => Promise<void>
const PARTS: Readonly<Record<string, Part>> = {
  calls: (folder, rng, figures) => callFaults(folder, rng, number(values.calls, 200, Infinity), figures),
  power: (folder, rng, figures) =>
    powerLoss(
      folder,
      rng,
      { draws: 6, most: number(values.losses, 100, Infinity), resumeEach: values.short ? 5 : 2 },
      figures,
    ),
  garblings: (folder, rng, figures) => garblings(folder, rng, number(values.garblings, 40, 300), figures),
  repairs: (folder, _rng, figures) => repairs(folder, figures),
  kills: async (folder, rng, figures) =>
    kills(folder, rng, number(values.kills, 4, 300), await countingVictims(folder), figures),
  'kills-of-trainings': async (folder, rng, figures) =>
    kills(folder, rng, number(values.kills, 8, 40), await realVictims(folder, 2), figures),
}

/** The short form leaves the trainings out: other tests kill workers that train. */
const isMeant = (part: string): boolean => !values.short || part !== 'kills-of-trainings'
const SHOWN = 20
const counts = { passed: 0, failed: 0, skipped: 0, failures: [] as string[] }
try {
  const wanted = positionals.length > 0 ? positionals : Object.keys(PARTS).filter(isMeant)
  for (const name of wanted) {
    const part = PARTS[name]
    if (part === undefined) throw new Error(`no such part: ${name}. Parts: ${Object.keys(PARTS).join(', ')}`)
    const began = Date.now()
    const figures = openFigures()
    await part(mkdtempSync(join(scratch, `${name}-`)), createRng(Number(values.seed)).fork(name), figures)
    counts.passed += figures.passed
    counts.failed += figures.failures.length
    counts.failures.push(...figures.failures.map((text) => `${name}: ${text.split('\n', 1)[0]}`))
    for (const text of values['show-all'] ? figures.failures : figures.failures.slice(0, SHOWN))
      console.error(`FAILED ${name}: ${text}`)
    console.log(`${name}: ${figures.summary()} (${Math.round((Date.now() - began) / 1000)} s)`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
const file = process.env['COTRAIN_TEST_COUNTS']
if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
console.log(`seed ${values.seed}: ${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed === 0 ? 0 : 1
