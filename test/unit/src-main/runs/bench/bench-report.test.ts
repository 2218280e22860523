import { describe, expect, it } from 'vitest'
import type { BenchEngine, BenchFigures, BenchJob } from '../../../../../src-main/runs/bench/bench-job.ts'
import type { BenchPlace } from '../../../../../src-main/runs/bench/bench-plan.ts'
import { benchSteps, whyNot } from '../../../../../src-main/runs/bench/bench-plan.ts'
import type { BenchReport } from '../../../../../src-main/runs/bench/bench-report.ts'
import { quantile, reportText, rowsOf } from '../../../../../src-main/runs/bench/bench-report.ts'
import { peakOf } from '../../../../../src-main/runs/bench/card-peaks.ts'
import { optimizerFields } from '../../../../../src-shared/schema/trainer/optimizer-fields.ts'

const processor: BenchEngine = {
  name: 'native',
  reason: '',
  tensorflow: '2.21.0',
  threads: 2,
  card: null,
  gpu: false,
  off: {},
  slow: {},
}
const withCard = (name: string, more: Partial<NonNullable<BenchEngine['card']>> = {}): BenchEngine => ({
  ...processor,
  gpu: true,
  card: { name, driver: '550.54', computeCapability: '8.0', isPartitioned: false, ...more },
})
const job: BenchJob = {
  kind: 'co-training',
  format: 'float32',
  batch: 16,
  width: 1,
  threads: 0,
  enoughSeconds: 1,
}
const figures: BenchFigures = {
  engine: processor,
  images: 32,
  seconds: [0.1, 0.2, 0.4],
  operations: 4e12,
  peakBytes: 2 ** 30,
}
const row = (outcome: BenchFigures | string, more: Partial<BenchJob> = {}, place: BenchPlace = 'usual') =>
  rowsOf([{ place, job: { ...job, ...more }, outcome }], processor)[0]

describe('figures of a measurement', () => {
  it('takes quartiles between the values, in proportion', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile([1, 2, 3, 5, 9], share))).toEqual([1, 2, 3, 5, 9])
    expect(quantile([1, 2], 0.25)).toBe(1.25)
    expect(quantile([7], 0.75)).toBe(7)
  })

  it('counts images and operations by the median step', () => {
    expect(row(figures)).toMatchObject({
      device: 'processor, native, 2 threads',
      imagesPerSecond: 160,
      stepSeconds: { median: 0.2, low: expect.closeTo(0.15) as number, high: expect.closeTo(0.3) as number },
      steps: 3,
      gigaflops: 20_000,
      shareOfPeak: null,
      problem: null,
    })
  })

  it('counts the images of a loader over all the time: what waited ready comes in bursts', () => {
    const found = row(
      { ...figures, operations: null, seconds: [0, 0, 0, 0.8] },
      { kind: 'loader', threads: 1 },
    )
    expect(found).toMatchObject({ imagesPerSecond: 160, device: 'processor, 1 thread', gigaflops: null })
  })

  it('states the share of the peak of the format, and none for a part of a card or one that is not known', () => {
    const share = (engine: BenchEngine, format = 'float32') =>
      row({ ...figures, engine, operations: 1.95e12 }, { format })?.shareOfPeak
    const a100 = withCard('NVIDIA A100-SXM4-80GB')
    expect(share(a100)).toBeCloseTo(0.5)
    expect(share(a100, 'tf32')).toBeCloseTo(9.75 / 156)
    expect(share(withCard('NVIDIA A100-SXM4-80GB', { isPartitioned: true }))).toBeNull()
    expect(share(withCard('NVIDIA Q1'))).toBeNull()
    expect(share(withCard('Tesla T4'), 'bfloat16')).toBeNull()
    expect(share(processor)).toBeNull()
  })

  it('says at a format that is computed by way of another that it is no faster', () => {
    const slow = { bfloat16: 'added up in float32, not faster here' }
    const outcome = { ...figures, engine: { ...processor, slow } }
    expect(row(outcome, { format: 'bfloat16' })?.remark).toBe(slow.bfloat16)
    expect(row(outcome)?.remark).toBe('')
  })

  it('compares a card with the processor of the same machine, row by row', () => {
    const card = withCard('NVIDIA L4')
    const fast = { ...figures, engine: card, seconds: [0.02] }
    const rows = rowsOf(
      [
        { place: 'usual', job, outcome: fast },
        { place: 'usual', job: { ...job, kind: 'SE core' }, outcome: fast },
        { place: 'processor', job, outcome: figures },
      ],
      card,
    )
    expect(rows.map(({ timesProcessor }) => timesProcessor)).toEqual([10, null, null])
  })

  it('knows cards by the names of the driver and mistakes none for another', () => {
    expect(peakOf('NVIDIA H100 80GB HBM3', 'bfloat16')).toBe(989.4e12)
    expect(peakOf('NVIDIA H100 PCIe', 'bfloat16')).toBe(756e12)
    expect(peakOf('NVIDIA L40S', 'float32')).toBe(91.6e12)
    expect(peakOf('NVIDIA L4', 'float32')).toBe(30.3e12)
    expect(peakOf('NVIDIA A10', 'float32')).toBe(31.2e12)
    for (const other of [
      'NVIDIA A10G',
      'NVIDIA L40',
      'NVIDIA GeForce RTX 4090 Laptop GPU',
      'NVIDIA H100 NVL',
    ])
      expect([other, peakOf(other, 'float32')]).toEqual([other, null])
    expect(peakOf('NVIDIA A100-PCIE-40GB', 'card')).toBeNull()
  })
})

describe('the table', () => {
  const report: BenchReport = {
    machine: { app: '1.2.3', node: '20', os: 'linux 6', cpu: 'A', cores: 2, memoryBytes: 2 ** 33 },
    engine: processor,
    size: { quick: true, batch: 16, width: 0.5 },
    rows: rowsOf(
      [
        { place: 'usual', job, outcome: figures },
        { place: 'usual', job: { ...job, format: 'bfloat16' }, outcome: 'ended | by\nthe system' },
      ],
      processor,
    ),
    notes: ['run a is training meanwhile.'],
    isComplete: false,
  }

  it('is Markdown with as many cells in each row, without columns that have no value, and says what failed', () => {
    expect(reportText(report).split('\n')).toEqual([
      'CoTrain 1.2.3, quick measurement: A, 2 cores, 8.0 GiB',
      'Engine: native, TensorFlow 2.21.0, 2 threads; Node 20, linux 6',
      'Images of 64 x 64, 16 of each task in a step, 0.5 of the channels',
      'Note: Interrupted: what follows is not all.',
      'Note: run a is training meanwhile.',
      '',
      '| what | device | format | images/s | step, ms (quartiles) | Gflop/s | MiB |',
      '| --- | --- | --- | ---: | ---: | ---: | ---: |',
      '| co-training step, VGG-19-BN | processor, native, 2 threads | float32 | 160 | 200 (150 to 300) | 20000 | 1024 |',
      '| co-training step, VGG-19-BN | processor, native, 2 threads | bfloat16 | ended / by the system | — | — | — |',
    ])
  })
})

describe('what is measured', () => {
  const size = { quick: true, batch: 16, width: 1 }
  const named = (quick: boolean, gpu: boolean, cores = 2): string[] =>
    benchSteps({ ...size, quick }, { gpu, cores }).map(({ place, job: j }) => {
      return `${place} ${j.kind} ${j.kind === 'loader' ? j.threads : j.format}`
    })

  it('is each part once when quick, with the co-training step in every format that a config can name', () => {
    const formats = optimizerFields.precision.unwrap().options
    expect(named(true, false).filter((name) => name.includes('co-training'))).toEqual(
      formats.map((format) => `usual co-training ${format}`),
    )
    expect(named(true, false)).toHaveLength(formats.length + 3)
    expect(named(true, true).slice(-1)).toEqual(['processor co-training float32'])
  })

  it('is every network in every format when full, on card and processor, and the loader with more threads', () => {
    const formats = optimizerFields.precision.unwrap().options
    expect(named(false, false)).toHaveLength(3 * formats.length + 1)
    const all = named(false, true, 16)
    expect(all).toContain('usual loader 8')
    const onProcessor = all.filter((name) => name.startsWith('processor'))
    expect(onProcessor).toContain('processor SE core bfloat16')
    expect(onProcessor.join()).not.toContain('tf32')
  })

  it('leaves out a format that the engine does not offer, with the reason', () => {
    const why = (format: string, engine: BenchEngine, place: BenchPlace = 'usual') =>
      whyNot({ place, job: { ...job, format } }, engine)
    expect(why('float32', { ...processor, name: 'wasm' })).toBeNull()
    expect(why('bfloat16', processor)).toBeNull()
    expect(why('bfloat16', { ...processor, name: 'wasm' })).toBe('needs the native TensorFlow engine')
    expect(why('bfloat16', { ...processor, off: { bfloat16: 'Conv2D is wrong' } })).toMatch(/Conv2D is wrong/)
    expect(why('tf32', processor)).toMatch(/compute capability 8.0/)
    expect(why('tf32', withCard('NVIDIA A100'))).toBeNull()
    expect(why('tf32', withCard('NVIDIA A100'), 'processor')).toMatch(/compute capability 8.0/)
    expect(why('tf32', withCard('Tesla T4', { computeCapability: '7.5' }))).toMatch(/compute capability 8.0/)
  })
})
