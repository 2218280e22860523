import { resolve } from 'node:path'
import type { Feature, ServiceDeps } from './feature.ts'
import type { WatchedJobs } from './watched-jobs.ts'

type PackageMethods =
  | 'packages.outline'
  | 'packages.write'
  | 'packages.look'
  | 'packages.open'
  | 'packages.shelf'
  | 'packages.fetch'

/** Trained networks in files. Their readers are fetched at the first call. */
export function packageMethods(
  { workspace }: ServiceDeps,
  { watched }: Pick<WatchedJobs, 'watched'>,
): Feature<PackageMethods> {
  const packages = () => import('../runs/packages/packages.ts')
  const shelf = () => import('../runs/packages/shelf.ts')
  return {
    'packages.outline': async (params) => (await packages()).outlinePackage(workspace, params),
    'packages.write': ({ job, ...wish }) =>
      watched(job, async (watch) => (await packages()).writePackageOf(workspace, wish, watch)),
    'packages.look': async ({ path }) =>
      (await packages()).lookAtPackage(workspace, resolve(workspace.folder, path)),
    'packages.open': ({ job, path }) =>
      watched(job, async (watch) => (await packages()).openPackageIn(workspace, path, watch)),
    'packages.shelf': async (params) => (await shelf()).readShelf(workspace, params),
    'packages.fetch': ({ job, ...wish }) =>
      watched(job, async (watch) => (await shelf()).fetchPackage(workspace, wish, watch)),
  }
}
