import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { argMax, cast, concat, equal, keep, reshape, sum, tidy } from '@tensorflow/tfjs-core'
import type { TaskName } from '../../types.ts'
import type { TaskObjective } from '../rules/objective.ts'

/** What one task made of a batch. */
interface TaskNumbers {
  readonly task: TaskName
  /** Criterion with weights, scaling and regulariser; of a batch with one task also the terms of hooks (as published). */
  readonly loss: number
  readonly penalty: number
  /** Loss without weights, scaling and regulariser, mean per image or per recorded response. */
  readonly criterion: number
  /** Right answers; only for classification. */
  readonly correct: number
}

export interface BatchNumbers {
  /** Everything that was differentiated. */
  readonly loss: number
  /** One entry, or two where neural examples carry labels. */
  readonly tasks: readonly TaskNumbers[]
  /** Loss terms of hooks, by hook name. */
  readonly extra: ReadonlyMap<string, number>
  /** Other numbers of hooks, by `hook/metric`. */
  readonly watched: ReadonlyMap<string, number>
  readonly images: number
}

/** Numbers of a batch as one tensor on the device. Whoever holds it disposes `values`. */
export interface UnreadNumbers {
  /** [numbers] float32 */
  readonly values: Tensor1D
  /** What they say, once they are read. */
  read(values: ArrayLike<number>): BatchNumbers
}

/** A task of a batch with what it should answer. */
export interface Answered {
  readonly task: TaskName
  readonly target: Tensor
  readonly objective: TaskObjective
}

/** Values of the forward pass that are wanted after the gradient was taken; freed together. */
export function notebook() {
  const kept = new Map<string, Tensor>()
  const outputs = new Map<TaskName, Tensor2D>()
  return {
    note: (name: string, value: Tensor): void => void kept.set(name, keep(value.clone())),
    noteOutput: (task: TaskName, output: Tensor2D): void => void outputs.set(task, keep(output.clone())),
    output: (task: TaskName): Tensor2D => outputs.get(task)!,
    scalars: (): ReadonlyMap<string, Tensor> => kept,
    dispose: (): void => [...kept.values(), ...outputs.values()].forEach((value) => value.dispose()),
  }
}

export type Notebook = ReturnType<typeof notebook>

/** Names of notes. */
export const NOTE = {
  loss: (task: TaskName) => `loss ${task}`,
  penalty: (task: TaskName) => `penalty ${task}`,
  criterion: (task: TaskName) => `criterion ${task}`,
  correct: (task: TaskName) => `correct ${task}`,
  hook: (name: string) => `hook ${name}`,
  watch: (hook: string, name: string) => `watch ${hook}/${name}`,
}

/** Puts the numbers of a batch together without waiting for them: nothing is read from the device here. */
export function unreadNumbers(
  questions: readonly Answered[],
  book: Notebook,
  loss: Scalar,
  images: number,
): UnreadNumbers {
  const names: string[] = []
  const values: Tensor1D = tidy(() => {
    const scalars = new Map<string, Tensor>([['', loss], ...book.scalars()])
    for (const { task, target, objective } of questions) {
      const output = book.output(task)
      scalars.set(NOTE.criterion(task), objective.criterion.loss(output, target))
      if (task === 'img_classification') scalars.set(NOTE.correct(task), correctAnswers(output, target))
    }
    names.push(...scalars.keys())
    return concat([...scalars.values()].map((value) => reshape(cast(value, 'float32'), [1])))
  })
  const tasks = questions.map(({ task }) => task)
  const read = (found: ArrayLike<number>): BatchNumbers =>
    numbersOf(new Map(names.map((name, i) => [name, found[i]!])), tasks, images)
  return { values, read }
}

function numbersOf(
  read: ReadonlyMap<string, number>,
  tasks: readonly TaskName[],
  images: number,
): BatchNumbers {
  const number = (name: string): number => read.get(name) ?? 0
  const under = (prefix: string): ReadonlyMap<string, number> =>
    new Map([...read].flatMap(([n, v]) => (n.startsWith(prefix) ? [[n.slice(prefix.length), v]] : [])))
  const loss = number('')
  return {
    loss,
    tasks: tasks.map((task) => ({
      task,
      loss: tasks.length === 1 ? loss : number(NOTE.loss(task)),
      penalty: number(NOTE.penalty(task)),
      criterion: number(NOTE.criterion(task)),
      correct: number(NOTE.correct(task)),
    })),
    extra: under(NOTE.hook('')),
    watched: under('watch '),
    images,
  }
}

const correctAnswers = (logits: Tensor2D, labels: Tensor): Tensor =>
  sum(cast(equal(argMax(logits, 1), cast(labels, 'int32')), 'int32'))

/** A batch whose numbers were read. */
export interface ReadBatch {
  /** Which batch of the epoch, from 1. */
  readonly batch: number
  readonly numbers: BatchNumbers
}

/** Numbers that wait on the device, so that no step waits for them. */
export interface Readings {
  /** Takes the numbers of a batch over. */
  add(batch: number, numbers: UnreadNumbers): void
  /** Reads all that wait in one transfer, oldest first. */
  take(): Promise<readonly ReadBatch[]>
  /** Frees what waits. */
  discard(): void
}

/** Keeps the numbers of batches until they are asked for. */
export function readings(): Readings {
  let waiting: { readonly batch: number; readonly numbers: UnreadNumbers }[] = []
  const discard = (): void => {
    for (const { numbers } of waiting) numbers.values.dispose()
    waiting = []
  }
  return {
    add: (batch, numbers) => void waiting.push({ batch, numbers }),
    take: async () => {
      if (waiting.length === 0) return []
      const all: Tensor1D = tidy(() => concat(waiting.map(({ numbers }) => numbers.values)))
      try {
        const values = await all.data<'float32'>()
        let at = 0
        return waiting.map(({ batch, numbers }) => {
          const { size } = numbers.values
          return { batch, numbers: numbers.read(values.subarray(at, (at += size))) }
        })
      } finally {
        all.dispose()
        discard()
      }
    },
    discard,
  }
}
