import { zeros } from '@tensorflow/tfjs-core'
import { normMemory } from '../../src-main/engine/train/epoch/divergence.ts'
import type { EpochEvent, EpochJob } from '../../src-main/engine/train/epoch/epoch-job.ts'
import { trainEpoch } from '../../src-main/engine/train/epoch/train-epoch.ts'
import { rulesOf, train } from '../../src-main/engine/train/index.ts'
import { taskObjectives } from '../../src-main/engine/train/rules/objective.ts'
import { openTraining } from '../../src-main/engine/train/state/training-state.ts'
import type { DataSet, Model, TrainerSetup } from '../../src-main/engine/types.ts'
import type { BenchNetwork } from '../../src-main/runs/bench/bench-network.ts'
import { madeUpData } from '../../src-main/runs/bench/made-up-data.ts'
import { AREAS } from '../../src-shared/schema/names.ts'

const CHECKED_STEPS = 3

/** Makes so many steps or batches. */
export type Work = (count: number) => Promise<void>

const now = (): number => performance.now()

const setupOf = ({ config }: BenchNetwork, model: Model, data: DataSet): TrainerSetup => ({
  data,
  model,
  trainer: config.trainer,
  seed: 1,
  start: null,
  checkpoint: null,
  now,
  stopRequest: () => 'no',
})

/** Steps of a run that is never finished, on data in memory. */
export function trainingSteps(network: BenchNetwork, model: Model): Work {
  const run = train(setupOf(network, model, madeUpData(network)))
  return async (count) => {
    for (let done = 0; done < count;) {
      const next = await run.next()
      if (next.done === true) throw new Error('the training came to its end')
      if (next.value.kind === 'progress' && next.value.phase === 'training') done++
    }
  }
}

/** One epoch of a new training, without the evaluations around it, until `isEnough`. */
export async function oneEpoch(
  network: BenchNetwork,
  model: Model,
  data: DataSet,
  more: Pick<EpochJob, 'readEachBatch'> & Partial<Pick<EpochJob, 'probe'>>,
  isEnough: (event: EpochEvent) => boolean = () => false,
): Promise<void> {
  const rules = rulesOf(network.config.trainer, AREAS)
  const state = openTraining(setupOf(network, model, data), rules)
  const { rates } = state.optimizer
  try {
    const epoch = trainEpoch({
      ...{ state, rules, norms: normMemory(), objectives: taskObjectives(rules), hooks: [], rates, now },
      loaders: data.train,
      epoch: 1,
      position: {
        ...{ step: 0, images: 0, seconds: 0, queue: [], epoch: 0, batchesDone: 0, tally: {}, rates },
        stop: null as never, // nothing here decides to stop
      },
      waited: () => 0,
      stopRequest: () => 'no',
      ...more,
    })
    for await (const event of epoch) if (isEnough(event)) break
  } finally {
    state.dispose()
  }
}

/** Losses of the batches of some steps without random draws: dropout is off, and the positions of readouts are their means. */
export async function checkedLosses(network: BenchNetwork, model: Model): Promise<number[]> {
  const losses: number[] = []
  const probe: EpochJob['probe'] = {
    noise: (_, { batch }) => zeros([...batch.targets.shape, 2]),
    batch: (_, { loss }) => void losses.push(loss),
    gradients: () => undefined,
    updated: () => undefined,
  }
  let steps = 0
  await oneEpoch(network, model, madeUpData(network), { readEachBatch: true, probe }, ({ kind }) => {
    return kind === 'pace' && ++steps === CHECKED_STEPS
  })
  return losses
}
