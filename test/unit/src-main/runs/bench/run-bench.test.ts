import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { BackendFacts } from '../../../../../src-main/runs/workers/engine-parts.ts'
import { askWorker } from '../../../../../src-main/runs/workers/ask-worker.ts'
import type { Question } from '../../../../../src-main/runs/workers/ask-worker.ts'
import { benchHere } from '../../../../../src-main/runs/bench/bench-here.ts'
import type { BenchJob } from '../../../../../src-main/runs/bench/bench-job.ts'
import { benchFigures } from '../../../../../src-main/runs/bench/bench-job.ts'
import {
  coreNetwork,
  cotrainingNetwork,
  operationsOf,
} from '../../../../../src-main/runs/bench/bench-network.ts'
import type { BenchPlaces } from '../../../../../src-main/runs/bench/run-bench.ts'
import { runBench } from '../../../../../src-main/runs/bench/run-bench.ts'
import { buildModel } from '../../../../../src-main/engine/model/index.ts'
import { tryLock } from '../../../../../src-main/disk/file-lock.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { useBackend } from '../../../../support/backend.ts'

const folder = temporaryFolder()
const newLab = labs()
let backend: BackendFacts
beforeAll(async () => {
  backend = await useBackend('wasm')
})

/** One image of each task through a sixty-fourth of the channels. */
const wish = { quick: true, anyway: false, engine: null, batch: 1, width: 1 / 64 }
const quiet = { signal: new AbortController().signal, progress: () => undefined }

type Asked = Pick<Question<never>, 'request' | 'env'>

/** A workspace whose workers compute in this process, but for those that `instead` answers. */
function places(lab: Lab, instead: (asked: Asked) => Promise<unknown> | null = () => null) {
  const asked: Asked[] = []
  const made: BenchPlaces = {
    appVersion: '1.2.3',
    folder,
    store: lab.store,
    ask: async (question) => {
      const { request, env } = question
      asked.push({ request, ...(env && { env }) })
      const brief = isJob(request) ? { ...request, enoughSeconds: 0.01 } : request
      const here = () => benchHere(brief, folder, { loadBackend: () => Promise.resolve(backend) })
      return question.answer.parse(await (instead(question) ?? here()))
    },
  }
  return { made, asked }
}

const isJob = (request: unknown): request is BenchJob => typeof request === 'object'
const kindOf = ({ request }: Asked): string => (isJob(request) ? request.kind : 'engine')

/** A worker process that runs this script instead. */
function dying(script: string): Promise<unknown> {
  const file = join(folder, 'dying.mjs')
  writeFileSync(file, script)
  const question = {
    job: 'bench',
    folder,
    request: null,
    answer: benchFigures,
    doing: 'the measurement',
  } as const
  return askWorker({ args: [file], env: {} }, question)
}

async function figures(): Promise<unknown> {
  const engine = await benchHere('engine', folder, { loadBackend: () => Promise.resolve(backend) })
  return { engine, images: 2, seconds: [1], operations: 1, peakBytes: 1 }
}

async function trainingRun(lab: Lab): Promise<string> {
  const id = await lab.add(1)
  const record = lab.store.read(id)
  await lab.store.write({ ...record, status: 'running', startedAt: lab.store.now() })
  expect(tryLock(lab.store.files(id).lock)).not.toBeNull()
  return id
}

describe('a measurement of this machine', () => {
  it('has a row for every part, and one that says why for a process that dies', async () => {
    const lab = newLab()
    const { made, asked } = places(lab, (one) =>
      kindOf(one) === 'SE core' ? dying("process.kill(process.pid, 'SIGKILL')") : null,
    )
    const report = await runBench(made, wish, quiet)
    expect(report.isComplete).toBe(true)
    expect(report.notes).toEqual([])
    const [step, core, evaluation, ...rest] = report.rows
    expect(core?.problem).toMatch(
      /^the measurement was ended by the system, most likely because memory ran out/,
    )
    expect(core?.imagesPerSecond).toBeNull()
    expect(step).toMatchObject({ kind: 'co-training', format: 'float32', images: 2, problem: null })
    expect(step?.imagesPerSecond).toBeGreaterThan(0)
    expect(step?.steps).toBeGreaterThanOrEqual(3)
    expect(evaluation).toMatchObject({ kind: 'evaluation', images: 4, problem: null })
    expect(rest.find(({ kind }) => kind === 'loader')?.imagesPerSecond).toBeGreaterThan(0)
    const reduced = rest.filter(({ format }) => format !== 'float32')
    expect(reduced.map(({ problem }) => problem)).not.toContain(null) // wasm offers none of them
    expect(asked.map(kindOf)).toEqual(['engine', 'co-training', 'SE core', 'evaluation', 'loader'])
    expect(lab.store.list().total).toBe(0)
  })

  it('is refused while a run is training, before anything computes, and takes place with --anyway and a note', async () => {
    const lab = newLab()
    const id = await trainingRun(lab)
    const none = places(lab)
    expect(await problemOf(() => runBench(none.made, wish, quiet))).toMatchObject({
      code: 'run-state',
      message: `run ${id.slice(0, 10)} is training here: beside it every number would be too low.`,
      hint: expect.stringContaining('--anyway') as string,
    })
    expect(none.asked).toEqual([])
    const { made } = places(lab, (one) => (kindOf(one) === 'engine' ? null : dying('process.exit(3)')))
    const report = await runBench(made, { ...wish, anyway: true }, quiet)
    expect(report.notes).toEqual([expect.stringMatching(`run ${id.slice(0, 10)} is training meanwhile`)])
    expect(report.rows[0]?.problem).toMatch(/exit 3/)
  })

  it('asks for the engine that was named, and fails where that is not there', async () => {
    const { made, asked } = places(newLab(), () => Promise.reject(new Error('no such engine')))
    await expect(runBench(made, { ...wish, engine: 'gpu' }, quiet)).rejects.toThrow('no such engine')
    expect(asked).toEqual([{ request: 'engine', env: { COTRAIN_ENGINE: 'gpu' } }])
  })

  it('measures a card, then the processor with the card out of sight', async () => {
    const facts = {
      ...(await benchHere('engine', folder, { loadBackend: () => Promise.resolve(backend) })),
      gpu: true,
    }
    const { made, asked } = places(newLab(), (one) =>
      kindOf(one) === 'engine' ? Promise.resolve(facts) : Promise.reject(new Error('not now')),
    )
    await runBench(made, wish, quiet)
    expect(asked.at(-1)?.env).toEqual({ CUDA_VISIBLE_DEVICES: '', COTRAIN_ENGINE: 'native' })
    expect(asked.at(1)?.env).toEqual({})
  })

  it('ends when it is asked to, with what was measured', async () => {
    const stop = new AbortController()
    const { made } = places(newLab(), (one) => {
      if (kindOf(one) === 'engine') return null
      if (kindOf(one) === 'co-training') return figures()
      stop.abort()
      return Promise.reject(new Error('killed'))
    })
    const report = await runBench(made, wish, { ...quiet, signal: stop.signal })
    expect(report.isComplete).toBe(false)
    expect(report.rows.map(({ kind }) => kind)).toEqual(['co-training'])
  })

  it('gives up on a part that takes too long and goes on', async () => {
    const late = (signal: AbortSignal | undefined) =>
      new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')))
      })
    const { made } = places(newLab(), (one) =>
      kindOf(one) === 'engine' ? null : late((one as Question<never>).signal),
    )
    const report = await runBench(made, wish, { ...quiet, longestMs: 20 })
    expect(report.rows[0]?.problem).toBe('not done within 0.02 s')
    expect(report.isComplete).toBe(true)
  })
})

describe('operations of a step', () => {
  const rowsOfModel = (width: number) => {
    const network = cotrainingNetwork({ format: 'float32', batch: 1, width })
    return { network, layers: buildModel(network.config.model, network.shapes).layers }
  }

  it('count the blocks that an image passes: neurons end behind the shared block', () => {
    const { layers } = rowsOfModel(1 / 16)
    const sum = (pick: (block: string) => boolean): number =>
      layers.filter(({ block }) => pick(block)).reduce((n, { multiplyAdds }) => n + multiplyAdds, 0)
    const images = sum((block) => block !== 'v1_readout')
    const neurons = sum((block) => block === 'v1_block' || block === 'v1_readout')
    expect(neurons).toBeGreaterThan(0)
    expect(neurons).toBeLessThan(images)
    const passes = [
      { task: 'img_classification', images: 3 },
      { task: 'v1', images: 5 },
    ] as const
    expect(operationsOf(layers, passes, false)).toBe(2 * (3 * images + 5 * neurons))
    expect(operationsOf(layers, passes, true)).toBe(6 * (3 * images + 5 * neurons))
  })

  it('are those of the published network: its convolutions by hand', () => {
    const { layers, network } = rowsOfModel(1)
    // Channels in and out and the side of the map of each 3 x 3 convolution, then the dense layers behind 2 x 2 x 512.
    const convolutions = [
      [3, 64, 64],
      [64, 64, 64],
      [64, 128, 32],
      [128, 128, 32],
      [128, 256, 16],
      ...Array.from({ length: 3 }, () => [256, 256, 16]),
      [256, 512, 8],
      ...Array.from({ length: 3 }, () => [512, 512, 8]),
      ...Array.from({ length: 4 }, () => [512, 512, 4]),
    ].reduce((sum, [cin = 0, cout = 0, side = 0]) => sum + 9 * cin * cout * side * side, 0)
    const dense = 2048 * 4096 + 4096 * 4096 + 4096 * 200
    const found = operationsOf(layers, network.passes.slice(0, 1), false) / 2
    expect(found).toBeGreaterThanOrEqual(convolutions + dense)
    expect(found).toBeLessThan(1.002 * (convolutions + dense)) // norms are the rest
  })

  it('of a core without shared blocks are all of them', () => {
    const { config, shapes, passes } = coreNetwork({ format: 'float32', batch: 2, width: 1 / 8 })
    const { layers } = buildModel(config.model, shapes)
    const all = layers.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0)
    expect(operationsOf(layers, passes, true)).toBe(12 * all)
  })
})
