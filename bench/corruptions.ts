/**
 * Images per second of every corruption, and the time for 15 corruptions x 5 severities x 10,000 images.
 *
 *   npx tsx bench/corruptions.ts [threads, default 2] [ic | hd64 | hd32, default ic] [side, default 64]
 */
import { ALL_CORRUPTIONS, COMMON_CORRUPTIONS } from '../src-shared/schema/dataset/corruptions.ts'
import { createCorruptionPool } from '../src-main/io/corruption-workers/corruption-pool.ts'
import { texturedImage } from './product/jpeg-files.ts'

const threads = Number(process.argv[2] ?? 2)
const constants = (process.argv[3] ?? 'ic') as 'ic' | 'hd64' | 'hd32'
const side = Number(process.argv[4] ?? 64)

/** Images of one measurement; the first round warms the compiler up. */
const COUNT = 64 * Math.max(1, threads)
const EVALUATED = 10_000

const each = side * side * 3
const images = new Uint8Array(COUNT * each)
for (let i = 0; i < COUNT; i++) images.set(texturedImage(i, side), i * each)
const indices = Int32Array.from({ length: COUNT }, (_, i) => i)
const workerUrl = new URL('../src-main/io/corruption-workers/corruption-worker.ts', import.meta.url)
const pool = createCorruptionPool({ threads, workerUrl })

async function imagesPerSecond(name: string, severity: number): Promise<number> {
  const batch = {
    width: side,
    height: side,
    channels: 3 as const,
    images,
    indices,
    name,
    severity,
    constants,
    seed: 1,
  }
  const start = performance.now()
  await pool.corrupt(batch)
  return (COUNT * 1000) / (performance.now() - start)
}

for (const name of ALL_CORRUPTIONS) for (const severity of [1, 3, 5]) await imagesPerSecond(name, severity)

console.log(`images/s at severities 1..5, ${side} px, ${constants}, ${threads} threads`)
let seconds = 0
for (const name of ALL_CORRUPTIONS) {
  const rates: number[] = []
  for (const severity of [1, 2, 3, 4, 5]) rates.push(await imagesPerSecond(name, severity))
  if (COMMON_CORRUPTIONS.some((common) => common === name))
    seconds += rates.reduce((sum, rate) => sum + EVALUATED / rate, 0)
  console.log(`${name.padEnd(18)} ${rates.map((rate) => String(Math.round(rate)).padStart(7)).join('')}`)
}
console.log(`15 corruptions x 5 severities x ${EVALUATED} images: ${(seconds / 60).toFixed(1)} minutes`)
await pool.close()
