import type { TrainerEvent } from '../../types.ts'
import type { Hook, Moment, Note } from '../hooks/hook.ts'
import type { RunPosition } from '../state/run-checkpoint.ts'
import type { TrainingState } from '../state/training-state.ts'

export type NoteEvent = Extract<TrainerEvent, { kind: 'mark' | 'log' }>

interface Hooked {
  readonly state: TrainingState
  readonly hooks: readonly Hook[]
  readonly position: RunPosition
}

/** Lets every hook work on the network before an epoch; what they say comes as log lines and marks. */
export async function* notesBeforeEpoch(job: Hooked, moment: Moment): AsyncGenerator<NoteEvent> {
  for (const hook of job.hooks)
    yield* noteOf(hook, await hook.beforeEpoch?.(ofHook(moment, hook), job.state.bench), job.position)
}

/** The same before a batch. */
export function* notesBeforeBatch(job: Hooked, moment: Moment): Generator<NoteEvent> {
  for (const hook of job.hooks)
    yield* noteOf(hook, hook.beforeBatch?.(ofHook(moment, hook), job.state.bench), job.position)
}

const ofHook = (moment: Moment, hook: Hook): Moment => ({ ...moment, rng: moment.rng.fork(hook.name) })

function* noteOf(
  hook: Hook,
  note: Note | null | undefined,
  { step, epoch }: RunPosition,
): Generator<NoteEvent> {
  if (note === null || note === undefined) return
  const text = `${hook.name}: ${note.text}`
  yield { kind: 'log', level: 'info', text }
  if (note.mark !== undefined) yield { kind: 'mark', mark: note.mark, step, epoch, text }
}
