import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Gpu, SetupPlan } from '../../../../src-shared/contract/doctor.ts'
import { nvidiaDevices } from '../devices/nvidia.ts'
import { engineFolder, platformName, readNativeInfo, staleReason } from '../library/native-info.ts'
import { downloadFolder } from './route-wheel.ts'
import { chooseEngine } from './engine-choice.ts'
import { wantedFile } from './given-wheel.ts'
import { TENSORFLOW } from './tensorflow-release.ts'
import { packageIndex } from './wheel-index.ts'

/**
 * What setting up the native engine will fetch and where it will lie; null where it is there already. A TensorFlow that is
 * found on this machine is taken before anything is fetched. No index is asked: a start of the app makes no call.
 */
export async function setupPlan(
  home?: string,
  platform = platformName(),
  gpus?: readonly Gpu[],
): Promise<SetupPlan | null> {
  const folder = engineFolder(home)
  const info = await readNativeInfo(folder)
  if (info !== null && info.kind !== 'none' && (await staleReason(info)) === null) return null
  const choice = chooseEngine({ platform, gpus: gpus ?? (await nvidiaDevices()) }, info?.wish ?? 'auto')
  const { release, why } = choice
  const planned = release ?? TENSORFLOW
  const { project, version, unpackedBytes, downloadBytes, wheels } = planned
  const { file = null, bytes = downloadBytes, sha256 = null } = wheels[platform] ?? {}
  const fetchedBytes = fetchedIn(downloadFolder(folder, planned))
  return {
    ...{ name: project, version, folder, why, fromFile: wantedFile(choice), unpackedBytes, fetchedBytes },
    download: release && { file, host: new URL(packageIndex()).host, bytes, sha256 },
  }
}

/** Bytes of an earlier download that was broken off; what pip had fetched is not among them, it begins anew. */
function fetchedIn(folder: string): number {
  if (!existsSync(folder)) return 0
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(
      (entry) => entry.isFile() && /\.whl(\.part)?$/.test(entry.name) && !/\bpip-/.test(entry.parentPath),
    )
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
