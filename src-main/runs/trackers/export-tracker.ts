import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Params } from '../../../src-shared/contract/contract.ts'
import { writeFileAtomic } from '../../disk/atomic-write.ts'
import { writeNewFolder } from '../../disk/new-folder.ts'
import { safeFileName } from '../../io/exporters/safe-text.ts'
import { mlflowExperiment, mlflowRun, mlflowRunFolder } from '../../io/trackers/mlflow-folder.ts'
import { eventFileName, tensorboardEvents } from '../../io/trackers/tensorboard-events.ts'
import type { TrackedRun } from '../../io/trackers/tracked-run.ts'
import type { RunStore } from '../../store/run-store.ts'
import { trackedRunOf } from './tracked-run-of.ts'

type Tracker = Params<'runs.exportTracker'>['tracker']

/**
 * Writes a run for a tracker into the folder `to`, beside the runs that are there already; gives the folder of the run. Nothing is half
 * written.
 * @throws CotrainError `not-allowed` where the run is in that folder already
 */
export async function exportTracker(
  store: RunStore,
  { id, to, tracker }: { readonly id: string; readonly to: string; readonly tracker: Tracker },
): Promise<string> {
  const run = trackedRunOf(store, id)
  const folder = join(to, tracker === 'mlflow' ? mlflowRunFolder(run) : runFolder(run))
  await writeNewFolder(folder, (temporary) =>
    tracker === 'mlflow' ? writeMlflow(run, to, temporary) : writeEvents(run, temporary),
  )
  return folder
}

/** TensorBoard shows the name of the folder. The id first: long names are cut at their end. */
export const runFolder = ({ name, id }: TrackedRun): string => safeFileName(`${id.slice(0, 10)} ${name}`)

async function writeEvents(run: TrackedRun, folder: string): Promise<void> {
  await writeFile(join(folder, eventFileName(run)), Buffer.concat([...tensorboardEvents(run)]))
}

/** The run's own files go to `folder`; what makes the folder above an experiment is written where it is not there yet. */
async function writeMlflow(run: TrackedRun, to: string, folder: string): Promise<void> {
  const uri = pathToFileURL(to).href
  const experiment = mlflowExperiment(uri, run.startedAt)
  if (!existsSync(join(to, experiment.path)))
    await writeFileAtomic(join(to, experiment.path), experiment.text)
  for (const { path, text } of mlflowRun(run, uri)) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
