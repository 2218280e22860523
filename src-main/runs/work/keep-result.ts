import { dirname } from 'node:path'
import type { DataSet, TrainResult } from '../../engine/types.ts'
import { leavesOf } from '../../../src-shared/schema/diff.ts'
import type { RunEnd } from '../../../src-shared/contract/run-end.ts'
import { makeDurableFolder } from '../../disk/flush-folder.ts'
import { writeSafetensors } from '../../io/formats/tensors/safetensors.ts'
import { sumsOfFinalFiles } from '../../store/files/kept-files.ts'
import { writeResult } from '../../store/files/run-folder.ts'
import { RECORD_FORMAT } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { Normalisations } from '../../data/assemble/build-data.ts'
import { readoutPositions } from './readout-positions.ts'
import type { RunRecorder } from './run-recorder.ts'
import { finiteOrNull } from './run-recorder.ts'

/** What training gave, with the data that name its classes and units. */
export interface Trained {
  readonly result: TrainResult
  readonly data: DataSet
  readonly normalisations?: Normalisations
}

/** Writes weights, arrays and scores; only then may the run be called finished. */
export async function keepResult(
  store: RunStore,
  recorder: RunRecorder,
  { result, data, normalisations }: Trained,
  end: RunEnd,
): Promise<void> {
  const { folder, weights, arrays } = store.files(recorder.record().id)
  const { config, id } = recorder.record()
  const metadata = { run: id, model: config.model.fn }
  // A run that diverged at once has nothing worth keeping.
  if (result.weights.size > 0) {
    makeDurableFolder(dirname(weights))
    await writeSafetensors(weights, result.weights, metadata)
    const rowsFirst = [...leavesOf(config.model.config).values()].includes('deterministic_gaussian')
    const positions = readoutPositions(result.weights, data.sessions, rowsFirst)
    await writeSafetensors(arrays, new Map([...result.arrays, ...positions]), { run: id })
  }
  const scores = finiteOrNull(result.scores)
  const units = Object.fromEntries([...data.sessions].map(([key, session]) => [key, [...session.units]]))
  await writeResult(store.disk, folder, {
    format: RECORD_FORMAT,
    id,
    scores,
    end,
    classNames: [...data.classNames],
    units,
    files: await sumsOfFinalFiles(folder),
    ...(normalisations && { normalisations }),
  })
  await recorder.change({ scores })
}
