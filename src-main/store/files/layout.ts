import { join } from 'node:path'

/** The files of one run folder; no other file of the app spells these names. */
export interface RunLayout {
  readonly folder: string
  /** What the run is and how it stands. */
  readonly record: string
  /** Metrics, marks and log, append-only. */
  readonly events: string
  readonly checkpoints: string
  readonly weights: string
  /** What the model must know about its data: with it the weights can be exported without them. */
  readonly shapes: string
  readonly result: string
  readonly arrays: string
  readonly notes: string
  /** Evaluations made after training. */
  readonly scores: string
  /** Analyses of its network. */
  readonly analyses: string
  /** Held by the process that works on the run. */
  readonly lock: string
  /** Asks the worker to stop. */
  readonly stop: string
  /** Latest progress, rewritten each second while a worker lives: also its sign of life. */
  readonly live: string
  /** The card that the last worker was started on, written by its supervisor. */
  readonly device: string
  /** How the last worker process ended, written by its supervisor. */
  readonly exit: string
  /** What the worker process wrote to its error stream. */
  readonly output: string
}

export function runLayout(folder: string): RunLayout {
  return {
    folder,
    record: join(folder, 'run.json'),
    events: join(folder, 'events.jsonl'),
    checkpoints: join(folder, 'checkpoints'),
    weights: join(folder, 'model', 'best.safetensors'),
    shapes: join(folder, 'shapes.json'),
    result: join(folder, 'result.json'),
    arrays: join(folder, 'arrays.safetensors'),
    notes: join(folder, 'notes.json'),
    scores: join(folder, 'scores'),
    analyses: join(folder, 'analyses'),
    lock: join(folder, 'lock'),
    stop: join(folder, 'stop.json'),
    live: join(folder, 'live.json'),
    device: join(folder, 'device.json'),
    exit: join(folder, 'exit.json'),
    output: join(folder, 'worker.log'),
  }
}
