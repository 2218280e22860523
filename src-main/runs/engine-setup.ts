import type { DoctorReport } from '../../src-shared/contract/doctor.ts'
import { doctorReport } from '../io/native/doctor.ts'
import { provisionNative } from '../io/native/provision.ts'
import type { SetupProgress } from './workspace.ts'

/** What runs on this machine and why; the timed product runs in a process of its own. */
export const doctor = (home: string, appVersion: string, deep: boolean): Promise<DoctorReport> =>
  doctorReport({ home, appVersion, deep })

/** Sets the native engine up, or finds that it is; what came of each route is in the doctor's report. */
export async function setUpEngine(
  home: string,
  configured: string,
  force: boolean,
  onProgress: (progress: SetupProgress) => void,
): Promise<{ native: boolean; reasons: string[] }> {
  const info = await provisionNative({
    home,
    retry: force,
    ...(configured === '' ? {} : { configured }),
    onProgress: ({ route, phase, message, doneBytes, totalBytes }) =>
      onProgress({ route, phase, bytes: doneBytes ?? 0, totalBytes: totalBytes ?? null, text: message }),
  })
  return { native: info.kind !== 'none', reasons: info.routes.map((r) => `${r.route}: ${r.reason}`) }
}
