import type { Params, Result } from '../../src-shared/contract/contract.ts'
import type { Workspace } from '../runs/workspace.ts'

/** The guided comparison; it prepares configs and queues them. */
export interface DemoFeature {
  start(workspace: Workspace, size: Params<'demo.start'>['size']): Promise<Result<'demo.start'>>
}

/** Asks the person for a path with the dialog of the system; null when cancelled. Only the desktop app has one. */
export type ChoosePath = (question: Params<'app.choosePath'>) => Promise<string | null>

/** Data sets that people add and look at. */
export interface DataFeature {
  list(workspace: Workspace): Promise<Result<'data.list'>>
  inspect(workspace: Workspace, path: string): Promise<Result<'data.inspect'>>
  add(workspace: Workspace, params: Params<'data.add'>): Promise<Result<'data.add'>>
  get(workspace: Workspace, id: string): Promise<Result<'data.get'>>
  check(workspace: Workspace, id: string): Promise<Result<'data.check'>>
  preview(workspace: Workspace, params: Params<'data.preview'>): Promise<Result<'data.preview'>>
  remove(workspace: Workspace, id: string): Promise<void>
  /** Gives the path of what was written. */
  export(workspace: Workspace, params: Params<'data.export'>): Promise<string>
}
