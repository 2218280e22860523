import { text } from 'node:stream/consumers'
import type { ProofCase } from '../../../engine/proof/base/proof-case.ts'
import { judgeCase } from '../../../engine/proof/judge-case.ts'
import { proofCases } from '../../../engine/proof/proof-cases.ts'
import { setRoutes } from '../../../engine/tensor/base/routes.ts'
import { newsLine, proofJob } from './proof-job.ts'
import type { ProofNews } from './proof-job.ts'
import { startNative } from '../library/start-native.ts'
import { writeWhole } from '../../../process/write-whole.ts'

/** So many faults of reduced precision switch it off, whatever the rest says. */
const ENOUGH_REDUCED_FAULTS = 3

// Written at once: a process that dies in the next operation must have said which one it was.
const say = (news: ProofNews): void => writeWhole(1, newsLine(news))

const job = proofJob.parse(JSON.parse(await text(process.stdin)))
const { gpu } = await startNative(job)
setRoutes(job)
const cases = proofCases()
const done = new Set(job.done)
const isProduct = ({ product, format }: ProofCase): boolean =>
  product && (job.products === 'float32' || format === 'float32')
const isMeant = (given: ProofCase | undefined): boolean =>
  given !== undefined && (isProduct(given) || (!job.productsOnly && job.products === 'float32'))
const all = (job.only ?? [...cases.keys()]).filter((index) => isMeant(cases[index]))
const asked = all.filter((index) => !done.has(index))
let reducedFaults = job.reducedFaults
say({ say: 'ready', total: all.length, gpu })
for (const index of asked) {
  const given = cases[index]
  if (given === undefined) continue
  const isReduced = given.format === 'bfloat16'
  if (isReduced && reducedFaults >= ENOUGH_REDUCED_FAULTS) continue
  const { operation, format, shape } = given
  say({ say: 'start', index, operation, format, shape })
  const verdict = judgeCase(given, job.products)
  if (isReduced && verdict.kind !== 'right') reducedFaults++
  say({ say: 'verdict', index, ...verdict })
}
say({ say: 'end' })
