import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SetupPlan } from '../../../../src-shared/contract/doctor.ts'
import { engineFolder, platformName, readNativeInfo, staleReason } from '../library/native-info.ts'
import { downloadFolder } from './route-wheel.ts'
import { TENSORFLOW } from './tensorflow-release.ts'
import { hasWheels, packageIndex } from './wheel-index.ts'

/**
 * What setting up the native engine will fetch and where it will lie; null where it is there already. A TensorFlow that is
 * found on this machine is taken before anything is fetched. Nobody is asked: a start of the app makes no call.
 */
export async function setupPlan(home?: string, platform = platformName()): Promise<SetupPlan | null> {
  const folder = engineFolder(home)
  const info = await readNativeInfo(folder)
  if (info !== null && info.kind !== 'none' && (await staleReason(info)) === null) return null
  const { project, version, unpackedBytes, wheels } = TENSORFLOW
  const { file = null, bytes = null, sha256 = null } = wheels[platform] ?? {}
  return {
    ...{ name: project, version, folder, unpackedBytes, fetchedBytes: fetchedIn(downloadFolder(folder)) },
    download: hasWheels(platform) ? { file, host: new URL(packageIndex()).host, bytes, sha256 } : null,
  }
}

/** Bytes of an earlier download that was broken off; what pip had fetched is not among them, it begins anew. */
function fetchedIn(folder: string): number {
  if (!existsSync(folder)) return 0
  const parts = readdirSync(folder).filter((name) => /\.whl(\.part)?$/.test(name))
  return parts.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}
