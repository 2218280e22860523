import type { KnownFunction } from '../test/support/known-functions.ts'
import { BRANIN, HARTMANN_6, median, searched } from '../test/support/known-functions.ts'

/**
 * How many trials the Bayesian search needs on two known functions, beside random search: medians over seeds.
 * `npx tsx scripts/search-budgets.ts [seeds]`; 20 seeds take some ten minutes on one core.
 */
const seeds = Number(process.argv[2] ?? 20)
const ASKED: readonly (readonly [string, KnownFunction, number, readonly number[]])[] = [
  ['Branin', BRANIN, 40, [10, 20, 30, 40]],
  ['Hartmann-6', HARTMANN_6, 60, [20, 40, 60]],
]
for (const [name, f, trials, places] of ASKED) {
  for (const method of ['bayesian', 'random'] as const) {
    const curves = Array.from({ length: seeds }, (_, i) => searched(f, { method, trials, seed: 1000 + i }))
    const at = places.map((n) => `${n}: ${median(curves.map((curve) => curve[n - 1]!)).toFixed(4)}`)
    const all = curves.map((curve) => curve.at(-1)!)
    const ends = `${Math.min(...all).toFixed(4)} to ${Math.max(...all).toFixed(4)}`
    process.stdout.write(
      `${name} (least ${f.least}), ${method}, median of ${seeds} seeds after ${at.join(', ')}; at the end ${ends}\n`,
    )
  }
}
