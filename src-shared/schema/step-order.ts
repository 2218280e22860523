import type { Problem } from '../contract/errors.ts'
import { nearestName } from '../util/nearest-name.ts'
import type { RecipeBody } from './recipe.ts'
import { stepsNamed } from './step-reference.ts'

/** A step in the order of work. */
export interface OrderedStep {
  readonly body: RecipeBody
  /** Names of the steps that it builds on. */
  readonly after: readonly string[]
  /** Steps on the longest way to it. */
  readonly depth: number
}

/** The steps of a recipe so that each comes after those that it builds on, else as they are written; or why there is no such order. */
export function orderSteps(
  bodies: readonly RecipeBody[],
): { readonly steps: readonly OrderedStep[] } | { readonly problems: readonly Problem[] } {
  const names = bodies.map(({ name }) => name)
  const problems: Problem[] = []
  const after = new Map<string, readonly string[]>()
  for (const { name, at, baseline, axes, list } of bodies) {
    const named = stepsNamed({ baseline, axes, list })
    for (const { step, path } of named)
      if (!names.includes(step)) problems.push(unknown(step, names, at + path))
    after.set(name, [...new Set(named.map(({ step }) => step))])
  }
  if (problems.length > 0) return { problems }
  const done = new Map<string, OrderedStep>()
  for (let before = -1; before < done.size;) {
    before = done.size
    for (const body of bodies) {
      const own = after.get(body.name) ?? []
      const depths = own.map((name) => done.get(name)?.depth)
      if (done.has(body.name) || depths.some((depth) => depth === undefined)) continue
      done.set(body.name, { body, after: own, depth: Math.max(0, ...depths.map((depth = 0) => depth + 1)) })
    }
  }
  if (done.size === bodies.length) return { steps: [...done.values()] }
  return { problems: [cycle(bodies.find(({ name }) => !done.has(name))?.name ?? '', after, done)] }
}

function unknown(step: string, names: readonly string[], path: string): Problem {
  const near = nearestName(step, names)
  return {
    code: 'config-invalid',
    path,
    message: names[0] === '' ? 'this recipe has no steps.' : `there is no step "${step}".`,
    hint:
      names[0] === ''
        ? 'Write the id of a run, or give the recipe steps.'
        : near === null
          ? `The steps are ${names.join(', ')}.`
          : `Did you mean "${near}"?`,
  }
}

/** Follows what is not in order from step to step until one comes again. */
function cycle(
  first: string,
  after: ReadonlyMap<string, readonly string[]>,
  done: ReadonlyMap<string, unknown>,
): Problem {
  const way = [first]
  for (;;) {
    const next = after.get(way.at(-1) ?? '')?.find((name) => !done.has(name)) ?? first
    const at = way.indexOf(next)
    way.push(next)
    if (at === -1) continue
    const round = way.slice(at)
    return {
      code: 'config-invalid',
      path: `steps.${round[0] ?? ''}`,
      message: `the steps build on each other in a circle: ${round.join(' on ')}.`,
      hint: 'Take one of these references away.',
    }
  }
}
