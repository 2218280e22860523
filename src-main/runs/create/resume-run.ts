import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { RESUMABLE } from '../../../src-shared/contract/run.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import { isSameData } from '../workers/engine-parts.ts'
import { requeueRun } from '../queue/supervise.ts'
import type { Workspace } from '../home/workspace.ts'

type Needs = Pick<Workspace, 'store' | 'queue' | 'describeData'>

/**
 * Puts a run back into the queue, so that it goes on from its last checkpoint.
 * @throws CotrainError `data-missing` naming what is no longer where it was and the copies that are known, `data-changed` where
 * other data are there; the run stays as it was
 */
export async function resumeRun(needs: Needs, id: string, reason: 'resume' | 'retry'): Promise<void> {
  const { store, queue } = needs
  const record = store.read(id)
  if (RESUMABLE.has(record.status)) await requireData(needs, record)
  await requeueRun(store, queue, id, reason)
}

async function requireData({ store, describeData }: Needs, record: RunRecord): Promise<void> {
  const { home } = store.layout
  const { dataset, data_seed: seed } = record.config
  const found = await describeData(dataset, seed, record.folder) // validated when it was made
  if (found.problems.length === 0 && (await isSameData(record.identity, found))) return
  // Places and manifests bring decoders along, which the first view can do without.
  if (found.problems.length === 0) {
    const { changesBetween } = await import('../../data/content/manifest-store.ts')
    throw new CotrainError(await changesBetween(record.identity.data, found.fingerprint, home))
  }
  const { missingPlaces } = await import('./run-places.ts')
  const missing = await missingPlaces(record, home)
  throw new CotrainError(missing.length > 0 ? missing : found.problems)
}
