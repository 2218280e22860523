import type { WarmUp } from '../../../src-shared/contract/calls/config.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import type { TrainerChoice } from '../../../src-shared/schema/registry.ts'
import { pluginsOf } from '../../../src-shared/schema/plugin/used-plugins.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import type { DataSet, Loader, TaskLoaders, Train, TrainerEvent } from '../../engine/types.ts'
import { UNFINISHED } from '../../engine/train/index.ts'
import { engineLoaded } from './engine-here.ts'
import { refuseWhatIsOff } from './engine-limits.ts'
import type { EngineParts } from './engine-parts.ts'

/** Steps that pay for memory, caches and compilation and say nothing about the rest. */
const UNTIMED = 2
const TIMED = 8
/** Long steps are few: their times hardly scatter. */
const ENOUGH_SECONDS = 15
/** Validation batches per session that are timed. */
const EVALUATED = 4
/** A forward pass as a share of a training step, where no validation was timed. */
const FORWARD_SHARE = 0.4

/** In a worker process: trains and evaluates a few batches of a config, throws them away and says what they took. */
export async function warmUpHere(request: unknown, folder: string, parts: EngineParts): Promise<WarmUp> {
  try {
    return await measure(request, folder, parts)
  } catch (error) {
    const nothing = { seconds: null, secondsPerStep: null, stepsPerEpoch: null, epochs: null }
    const counts = { timedSteps: 0, memoryBytes: null, backend: '', workingRuns: 0 }
    return { problems: toProblems(error) as Problem[], ...nothing, ...counts }
  }
}

async function measure(given: unknown, folder: string, parts: EngineParts): Promise<WarmUp> {
  const parsed = parseRunConfig(given)
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  const config = parsed.value
  const now = (): number => performance.now()
  const began = now()
  const loaded = await parts.loadBackend()
  refuseWhatIsOff(config, engineLoaded(loaded))
  await parts.usePlugins?.(pluginsOf(config))
  const built = await parts.buildData(config.dataset, config.data_seed, folder, () => undefined)
  try {
    const model = await parts.buildModel(config.model, built, config.seed)
    const evaluation = evaluationClock(now)
    const trainer = parts.train({
      data: sampled(built.data, evaluation.timed),
      model,
      trainer: config.trainer,
      seed: config.seed,
      start: null,
      checkpoint: null,
      now,
      stopRequest: () => 'no',
    })
    const start = (now() - began) / 1000
    const steps = await timed(trainer, now)
    const imagesPerStep = steps.imagesPerSecond * steps.secondsPerStep
    const forward =
      evaluation.secondsPerImage() ??
      (imagesPerStep > 0 ? (FORWARD_SHARE * steps.secondsPerStep) / imagesPerStep : 0)
    const training = steps.epochs * steps.stepsPerEpoch * steps.secondsPerStep
    const evaluated = forward * evaluatedImages(built.data, config.trainer, steps.epochs)
    return {
      problems: [],
      seconds: { start, training, evaluation: evaluated, total: start + training + evaluated },
      secondsPerStep: steps.secondsPerStep,
      stepsPerEpoch: steps.stepsPerEpoch,
      epochs: steps.epochs,
      timedSteps: steps.count,
      memoryBytes: steps.memoryBytes,
      backend: loaded.name,
      workingRuns: 0,
    }
  } finally {
    built.dispose()
  }
}

interface Steps {
  readonly secondsPerStep: number
  readonly imagesPerSecond: number
  readonly stepsPerEpoch: number
  readonly epochs: number
  readonly count: number
  readonly memoryBytes: number
}

async function timed(run: ReturnType<Train>, now: () => number): Promise<Steps> {
  const seconds: number[] = []
  let last = now()
  let memoryBytes = 0
  let seen: Extract<TrainerEvent, { kind: 'progress' }> | null = null
  let count = 0
  let spent = 0
  for (let next = await run.next(); next.done !== true; next = await run.next()) {
    memoryBytes = Math.max(memoryBytes, process.memoryUsage.rss())
    const event = next.value
    const at = now()
    if (event.kind === 'progress' && event.phase === 'training') {
      if (++count > UNTIMED) {
        seconds.push((at - last) / 1000)
        spent += (at - last) / 1000
      }
      seen = event
      if (seconds.length >= TIMED || (seconds.length >= 2 && spent > ENOUGH_SECONDS)) break
    }
    // The values of a step are told before its end.
    if (event.kind !== 'metrics') last = at
  }
  await run.return(UNFINISHED)
  seconds.sort((a, b) => a - b)
  return {
    secondsPerStep: seconds[Math.floor(seconds.length / 2)] ?? 0,
    imagesPerSecond: seen?.imagesPerSecond ?? 0,
    stepsPerEpoch: seen?.stepsPerEpoch ?? 0,
    epochs: seen?.epochs ?? 0,
    count: seconds.length,
    memoryBytes,
  }
}

/** Times the evaluation of batches: from handing one out to the next request, plus its loading. */
function evaluationClock(now: () => number) {
  let seconds = 0
  let images = 0
  const timed = (loader: Loader): Loader => ({
    ...loader,
    async *epoch(rng) {
      let at = now()
      let index = 0
      for await (const batch of loader.epoch(rng)) {
        const size = batch.inputs.shape[0] ?? 0
        yield batch
        // The first batch of a set pays for its opening.
        if (index++ > 0) {
          seconds += (now() - at) / 1000
          images += size
        }
        at = now()
        if (index >= EVALUATED) return
      }
    },
  })
  return { timed, secondsPerImage: (): number | null => (images > 0 ? seconds / images : null) }
}

/** The data with validation cut to a few batches per set; what comes after training is not reached. */
const sampled = (data: DataSet, cut: (loader: Loader) => Loader): DataSet => ({
  ...data,
  validation: Object.fromEntries(
    Object.entries(data.validation).map(([task, loaders]) => [
      task,
      new Map([...loaders].map(([key, loader]) => [key, cut(loader)])),
    ]),
  ),
})

/** Images that pass forward only: every validation, and the final suite with its corruptions. */
function evaluatedImages(data: DataSet, trainer: TrainerChoice, epochs: number): number {
  const size = (loaders: TaskLoaders): number =>
    Object.values(loaders)
      .flatMap((set) => [...set.values()])
      .reduce((n, loader) => n + loader.size, 0)
  // The single-task trainer scores all parts at the end.
  const isOn = (part: 'train' | 'val' | 'test'): boolean =>
    trainer.fn !== 'cotrainer' || trainer.config[`add_final_${part}_eval`]
  const conditions = [...data.conditions.values()].reduce((n, loader) => n + loader.size, 0)
  return (
    size(data.validation) * (Math.ceil(epochs / trainer.config.interval) + 1 + (isOn('val') ? 1 : 0)) +
    (isOn('train') ? size(data.train) : 0) +
    (isOn('test') ? size(data.test) + conditions : 0)
  )
}
