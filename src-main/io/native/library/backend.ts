import type { EngineName } from '../../../../src-shared/contract/engine-name.ts'
import type { EngineProof } from '../../../../src-shared/contract/engine-proof.ts'
import type { RouteAttempt } from './native-info.ts'

/** Which backend computes in this process, and why that one. */
export interface Backend {
  readonly name: EngineName
  /** One sentence for the log, the run record and the doctor. */
  readonly reason: string
  /** Version of libtensorflow; '' for the other backends. */
  readonly tfVersion: string
  readonly gpu: boolean
  readonly threads: number
  readonly routes: readonly RouteAttempt[]
  /** What was proved about the native engine here; null where it was not looked for. */
  readonly proof: EngineProof | null
}
