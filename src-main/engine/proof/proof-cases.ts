import { convCases } from './cases/conv-cases.ts'
import { depthwiseCases } from './cases/depthwise-cases.ts'
import { elementwiseCases } from './cases/elementwise-cases.ts'
import { makeCases } from './cases/make-cases.ts'
import { moveCases } from './cases/move-cases.ts'
import { normCases } from './cases/norm-cases.ts'
import { poolCases } from './cases/pool-cases.ts'
import { productCases } from './cases/product-cases.ts'
import { reductionCases } from './cases/reduction-cases.ts'
import { updateCases } from './cases/update-cases.ts'
import type { ProofCase } from './base/proof-case.ts'

/** Every operation that the engine issues, over the shapes that models make; equal in order for equal versions of the app. */
export const proofCases = (): readonly ProofCase[] => [
  ...elementwiseCases(),
  ...reductionCases(),
  ...moveCases(),
  ...makeCases(),
  ...productCases(),
  ...convCases(),
  ...depthwiseCases(),
  ...poolCases(),
  ...normCases(),
  ...updateCases(),
]

/** A case in one line, for logs and for telling versions of the list apart. */
export const caseText = ({ operation, format, shape }: ProofCase): string => `${operation} ${format} ${shape}`
