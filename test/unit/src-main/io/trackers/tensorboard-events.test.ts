import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { crc32c } from '../../../../../src-main/io/trackers/record-file.ts'
import { eventFileName, tensorboardEvents } from '../../../../../src-main/io/trackers/tensorboard-events.ts'
import { histogramOf } from '../../../../../src-main/io/trackers/unit-histogram.ts'
import { SMALL_RUN } from './small-run.ts'

const FIXTURE = join(import.meta.dirname, '../../../../fixtures/trackers/tensorboard-events.json')

describe('the event file of a run', () => {
  it('is byte for byte what TensorBoard’s own classes write', () => {
    const { base64 } = JSON.parse(readFileSync(FIXTURE, 'utf8')) as { base64: string }
    expect(Buffer.concat([...tensorboardEvents(SMALL_RUN)]).toString('base64')).toBe(base64)
  })

  it('has a name that TensorBoard looks for', () => {
    expect(eventFileName(SMALL_RUN)).toBe('events.out.tfevents.1700000000.cotrain.abcdef0123.0')
  })

  it('has no end while the run goes on', () => {
    const going = [...tensorboardEvents({ ...SMALL_RUN, status: 'running', endedAt: null })]
    expect(going.some((bytes) => Buffer.from(bytes).includes('session_end_info'))).toBe(false)
    expect(going).toHaveLength([...tensorboardEvents(SMALL_RUN)].length - 1)
  })
})

it('takes the checksum of RFC 3720', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
})

describe('a histogram of unit scores', () => {
  it('counts each number once, the largest too', () => {
    const { counts, limits, min, max } = histogramOf(Float64Array.from({ length: 101 }, (_, i) => i / 100))
    expect(counts.reduce((a, b) => a + b, 0)).toBe(101)
    expect([min, max, limits.at(-1)]).toEqual([0, 1, 1])
    expect([...limits].sort((a, b) => a - b)).toEqual(limits)
  })

  it('is empty without numbers', () => {
    expect(histogramOf(Float64Array.from([Number.NaN]))).toMatchObject({ count: 0, limits: [], counts: [] })
  })
})
