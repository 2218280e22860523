import { sep } from 'node:path'

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
  /** Starts that came to nothing, written by its supervisor. */
  readonly starts: string
  /** How the last worker process ended, written by its supervisor. */
  readonly exit: string
  /** What the worker process wrote to its error stream. */
  readonly output: string
}

/** `folder` as the file system spells it: a list of 10,000 runs asks for so many names that joining paths anew would show. */
export function runLayout(folder: string): RunLayout {
  const inside = (name: string): string => `${folder}${sep}${name}`
  return {
    folder,
    record: inside('run.json'),
    events: inside('events.jsonl'),
    checkpoints: inside('checkpoints'),
    weights: inside(`model${sep}best.safetensors`),
    shapes: inside('shapes.json'),
    result: inside('result.json'),
    arrays: inside('arrays.safetensors'),
    notes: inside('notes.json'),
    scores: inside('scores'),
    analyses: inside('analyses'),
    lock: inside('lock'),
    stop: inside('stop.json'),
    live: inside('live.json'),
    device: inside('device.json'),
    starts: inside('starts.json'),
    exit: inside('exit.json'),
    output: inside('worker.log'),
  }
}
