import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { InputView } from '../../eval/network.ts'
import type { Hook } from '../hooks/hook.ts'

/** How modules change classification images in validation, the same in every evaluation; null where none does. */
export function validationView(hooks: readonly Hook[], rng: Rng): InputView | null {
  const changing = hooks.filter((hook) => hook.validationInputs !== undefined)
  if (changing.length === 0) return null
  return (inputs, loader, batch) => {
    const place = rng.fork(loader).fork(batch)
    return changing.reduce((current, hook) => {
      const next = hook.validationInputs?.(current, place.fork(hook.name)) ?? current
      if (current !== inputs && next !== current) current.dispose()
      return next
    }, inputs)
  }
}
