import type { Params, Result } from '../../src-shared/contract/contract.ts'
import type { Workspace } from '../runs/home/workspace.ts'

/** The guided comparison; it prepares configs and queues them. */
export interface DemoFeature {
  start(workspace: Workspace, size: Params<'demo.start'>['size']): Promise<Result<'demo.start'>>
}

/** Asks the person for a path with the dialog of the system; null when cancelled. Only the desktop app has one. */
export type ChoosePath = (question: Params<'app.choosePath'>) => Promise<string | null>

/** How long work tells how far it is, and how it is called off. */
export interface DataWatch {
  readonly signal?: AbortSignal
  progress?(text: string, fraction: number | null): void
}

/** Data sets that people add and look at. */
export interface DataFeature {
  list(workspace: Workspace): Promise<Result<'data.list'>>
  inspect(workspace: Workspace, path: string): Promise<Result<'data.inspect'>>
  look(workspace: Workspace, params: Params<'data.look'>, watch: DataWatch): Promise<Result<'data.look'>>
  add(workspace: Workspace, params: Params<'data.add'>, watch: DataWatch): Promise<Result<'data.add'>>
  /** Does what an `add` with checks for later has left. */
  finish(workspace: Workspace, id: string, watch: DataWatch): Promise<void>
  ignore(workspace: Workspace, params: Params<'data.ignore'>): Promise<Result<'data.ignore'>>
  mend(workspace: Workspace, params: Params<'data.mend'>): Promise<Result<'data.mend'>>
  neurons(workspace: Workspace, id: string): Promise<Result<'data.neurons'>>
  responses(workspace: Workspace, params: Params<'data.responses'>): Promise<Result<'data.responses'>>
  uses(workspace: Workspace, id: string): Promise<Result<'data.uses'>>
  get(workspace: Workspace, id: string): Promise<Result<'data.get'>>
  check(workspace: Workspace, id: string, watch: DataWatch): Promise<Result<'data.check'>>
  preview(workspace: Workspace, params: Params<'data.preview'>): Promise<Result<'data.preview'>>
  relocate(
    workspace: Workspace,
    params: Params<'data.relocate'>,
    watch: DataWatch,
  ): Promise<Result<'data.relocate'>>
  remove(workspace: Workspace, id: string): Promise<void>
  restore(workspace: Workspace, id: string): Promise<Result<'data.restore'>>
  /** Gives the path of what was written. */
  export(workspace: Workspace, params: Params<'data.export'>): Promise<string>
}
