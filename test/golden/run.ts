import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { useBackend } from '../support/backend.ts'
import type { GoldenArea, GoldenOutcome } from './golden-case.ts'

/**
 * Compares the engine with numbers of the published PyTorch code: every area that has a module beside this file and a
 * folder under COTRAIN_GOLDEN_DIR (default: the fixtures of this repository). `npm run test:golden -- vgg cores`
 * runs only the named areas; COTRAIN_ENGINE chooses the backend.
 */
const here = import.meta.dirname
const folder = resolve(process.env['COTRAIN_GOLDEN_DIR'] ?? join(here, '../fixtures/golden'))
const wanted = new Set(process.argv.slice(2))

async function areas(): Promise<GoldenArea[]> {
  const found: GoldenArea[] = []
  for (const name of readdirSync(here).sort()) {
    if (!name.endsWith('.ts') || name === 'run.ts') continue
    const module = (await import(pathToFileURL(join(here, name)).href)) as Partial<GoldenArea>
    if (module.area !== undefined && module.cases !== undefined) found.push(module as GoldenArea)
  }
  return found
}

async function outcomeOf(run: () => Promise<GoldenOutcome>): Promise<GoldenOutcome> {
  try {
    return await run()
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { maxError: NaN, tolerance: 'runs', ok: false, detail: text.split('\n').slice(0, 4).join(' | ') }
  }
}

const backend = await useBackend()
console.log(`golden numbers of ${folder} on ${backend.name} (${backend.reason})`)
const counts = { passed: 0, failed: 0, skipped: 0 }
const known = await areas()
for (const { area, cases } of known) {
  if (wanted.size > 0 && !wanted.has(area)) continue
  if (!existsSync(join(folder, area))) {
    console.log(`skipped ${area}: no folder of that name`)
    counts.skipped += 1
    continue
  }
  for (const one of await cases(folder)) {
    const { ok, maxError, tolerance, detail } = await outcomeOf(() => one.run())
    counts[ok ? 'passed' : 'failed'] += 1
    const extra = detail === undefined ? '' : `  ${detail}`
    console.log(
      `${ok ? 'ok    ' : 'FAILED'} ${area}/${one.name}  max error ${maxError.toExponential(2)} (${tolerance})${extra}`,
    )
  }
}
for (const name of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
  if (name.isDirectory() && !known.some((k) => k.area === name.name)) {
    console.log(`FAILED ${name.name}: no module checks this area`)
    counts.failed += 1
  }
}
const file = process.env['COTRAIN_TEST_COUNTS']
if (file !== undefined) writeFileSync(file, JSON.stringify(counts))
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exit(counts.failed === 0 ? 0 : 1)
