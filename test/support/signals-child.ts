// Judges convolutions of the proof again and again while signals with a handler arrive; prints how many arrived and what
// was wrong. A process of its own, because it may die.
import { judgeCase } from '../../src-main/engine/proof/judge-case.ts'
import { proofCases } from '../../src-main/engine/proof/proof-cases.ts'
import { loadBackend } from '../../src-main/io/native/load-backend.ts'

const ENOUGH = 3000
const cases = proofCases().filter(
  ({ operation, format, shape }) =>
    operation === 'Conv2DBackpropFilter' && format === 'float32' && /kernel [37]x.*stride/.test(shape),
)
if (cases.length === 0) throw new Error('no such cases')

const { threads } = await loadBackend({ engine: 'native', threads: 2 })
let heard = 0
process.on('SIGUSR2', () => heard++)
console.log(`ready with ${threads} threads`)
const wrong = new Set<string>()
while (heard < ENOUGH)
  for (const given of cases) {
    const { kind } = await judgeCase(given, 'float32')
    if (kind !== 'right') wrong.add(`${kind} ${given.shape}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
console.log(JSON.stringify({ wrong: [...wrong] }))
process.exit(0)
