import type { TaskBalance } from '../../../src-shared/contract/balance.ts'
import { GRADIENT_COSINE, metricKey, SHARED_NORM } from '../../../src-shared/contract/metric-keys.ts'
import type { BalanceOptions } from '../../../src-shared/balance/balance-advice.ts'
import type { BalanceCurve } from '../../../src-shared/balance/task-balance.ts'
import { taskBalance } from '../../../src-shared/balance/task-balance.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Norms of both tasks; runs of earlier versions have those with each task's own readouts alone. */
const norms = (measure: string) => ({
  neural: metricKey('Training', 'neural', measure),
  classification: metricKey('Training', 'img_classification', measure),
})

/** Which task moves the shared network of a run, from all that its log has. */
export function balanceOf(store: RunStore, id: string): TaskBalance {
  const { series } = store.history(id).read()
  const curve = (key: string): BalanceCurve => {
    const found = series.keys.get(key)
    if (found === undefined) return { epoch: [], value: [] }
    return { epoch: Array.from(found.rows, (row) => series.epoch[row]!), value: [...found.value] }
  }
  const shared = norms(SHARED_NORM)
  const isShared = series.keys.has(shared.neural)
  const { neural, classification } = isShared ? shared : norms('grad_norm')
  const recorded = {
    neural: curve(neural),
    classification: curve(classification),
    isShared,
    cosine: curve(GRADIENT_COSINE),
    weights: weightsOf([...series.keys.keys()], (key) => curve(key).value.at(-1)),
  }
  return taskBalance(recorded, optionsOf(store.read(id).config))
}

function weightsOf(
  keys: readonly string[],
  last: (key: string) => number | undefined,
): Record<string, number> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const task = /^Training\/(\w+)\/loss_weight$/.exec(key)?.[1]
      const value = task === undefined ? undefined : last(key)
      return task === undefined || value === undefined ? [] : [[task, value]]
    }),
  )
}

function optionsOf({ trainer, model }: RunConfig): BalanceOptions {
  const layer: unknown = 'v1_model_layer' in model.config ? model.config.v1_model_layer : null
  const own = { layer: typeof layer === 'number' ? layer : null }
  if (trainer.fn !== 'cotrainer')
    return { ...own, lossWeighing: false, ratio: null, scaleLoss: false, averages: null }
  const {
    loss_functions: losses,
    loss_weighing,
    scale_loss,
    avg_loss,
    train_cycler,
    train_cycler_args,
  } = trainer.config
  const { ratio } = train_cycler_args
  const first = typeof ratio === 'number' ? ratio : (Object.values(ratio)[0] ?? null)
  return {
    ...own,
    lossWeighing: loss_weighing,
    ratio: train_cycler === 'MTL_Cycler' ? first : null,
    scaleLoss: scale_loss === true,
    averages: Object.values(losses).includes('PoissonLoss') && !loss_weighing ? avg_loss : null,
  }
}
