import { stringify } from 'yaml'
import type { EventName, Method, Params, Result } from '../../src-shared/contract/contract.ts'
import { contract } from '../../src-shared/contract/contract.ts'
import { CotrainError, toProblems } from '../../src-shared/contract/errors.ts'
import { LIVE } from '../../src-shared/contract/run.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'
import { parse } from 'yaml'
import { compareNeurons, compareDistributions, compareRuns } from './fake-renderer/made-up-comparison.ts'
import { BASELINE_YAML, COTRAINED_YAML } from './fake-renderer/made-up-configs.ts'
import { DATA_SETS, LOOK, ignoredIn, previewOf, unitsOf } from './fake-renderer/made-up-data.ts'
import { DOCTOR, modelCardOf } from './fake-renderer/made-up-machine.ts'
import { packageAnswers } from './fake-renderer/made-up-package.ts'
import { pluginAnswers } from './fake-renderer/made-up-plugins.ts'
import {
  confusionOf,
  curveOf,
  evaluationOf,
  keysOf,
  momentOf,
  neuronsOf,
  robustnessOf,
} from './fake-renderer/made-up-results.ts'
import { madeUpBalance } from './fake-renderer/made-up-balance.ts'
import { analysisAnswers } from './fake-renderer/made-up-analyses.ts'
import { startTraining } from './fake-renderer/made-up-training.ts'
import type { FakeRun } from './fake-renderer/made-up-runs.ts'
import { NOW, demoRuns, detailOf, manyRuns } from './fake-renderer/made-up-runs.ts'

export type FakeState = 'demo' | 'empty' | 'many' | 'huge' | 'error' | 'loading'
export type FakeService = { [M in Method]: (params: Params<M>) => Result<M> | Promise<Result<M>> }
type Reply = { ok: true; result: unknown } | { ok: false; problems: ReturnType<typeof toProblems> }

const OK = { ok: true as const }
const QUEUED = { family: 'sweep', ids: [], queued: 0, known: 0, diverged: 0, waiting: 0, tag: 'Sweep' }
const PLACE = { part: 'v1' as const, option: 'data_dir', set: null, present: true, copies: [] }
const SIZES: Readonly<Record<FakeState, number>> = {
  demo: 0,
  empty: 0,
  many: 41,
  huge: 991,
  error: 0,
  loading: 0,
}

/**
 * An in-memory service with made-up runs behind the two functions that every host offers; for component work, tests of
 * views and screenshots. `answers` stand in place of its own.
 */
export function createFakeService(state: FakeState, answers: Partial<FakeService> = {}) {
  const runs = new Map(
    (state === 'empty' ? [] : [...demoRuns(), ...manyRuns(SIZES[state])]).map((r) => [r.summary.id, r]),
  )
  const handlers = new Map<string, Set<(payload: unknown) => void>>()
  const emit = (event: EventName, payload: unknown): void =>
    handlers.get(event)?.forEach((handler) => handler(payload))
  const service = { ...methods(runs, emit, state), ...answers }
  return {
    async call(method: string, params: unknown): Promise<Reply> {
      if (state === 'loading') return new Promise(() => undefined)
      try {
        if (state === 'error')
          throw new CotrainError({
            code: 'internal',
            message: 'The run index could not be read.',
            hint: 'Delete the folder index in the storage folder; it is rebuilt from the run folders.',
          })
        const entry = contract[method as Method]
        const call = service[method as Method] as (p: unknown) => unknown
        return { ok: true, result: structuredClone(await call(entry.params.parse(params))) }
      } catch (error) {
        return { ok: false, problems: toProblems(error) }
      }
    },
    pathOf: (): Promise<null> => Promise.resolve(null),
    emit,
    /** From now on the running run has progress, twice a second. */
    train: () => startTraining(runs, emit),
    listen(event: string, handler: (payload: unknown) => void): () => void {
      handlers.set(event, (handlers.get(event) ?? new Set()).add(handler))
      return () => handlers.get(event)?.delete(handler)
    },
  }
}

function methods(
  runs: Map<string, FakeRun>,
  emit: (e: EventName, p: unknown) => void,
  state: FakeState,
): FakeService {
  const queue = {
    paused: false,
    order: [...runs.values()].filter((r) => r.summary.status === 'queued').map((r) => r.summary.id),
  }
  const memory: Record<string, unknown> = state === 'empty' ? {} : { 'first-steps': 'done' }
  let settings: Result<'settings.get'> = {
    home: '~/.local/share/cotrain',
    theme: 'system',
    engine: 'auto',
    tensorflowFolder: '',
    tensorboardFolder: '',
    threads: 0,
    slotsPerGpu: 1,
    author: '',
    notify: true,
    blockSleep: true,
    lookForUpdates: false,
  }

  const need = (id: string): FakeRun => {
    const run = runs.get(id)
    if (run === undefined)
      throw new CotrainError({
        code: 'run-missing',
        message: `There is no run ${id.slice(0, 10)}.`,
        hint: 'It may have been removed.',
      })
    return run
  }
  const change = (run: FakeRun, part: Partial<FakeRun['summary']>): FakeRun['summary'] => {
    run.summary = { ...run.summary, ...part }
    emit('runs.changed', { runs: [run.summary], removed: [] })
    return run.summary
  }
  const queueNow = (): Result<'queue.get'> => ({
    paused: queue.paused,
    slots: 1,
    waiting: queue.order.map((id) => ({
      id,
      name: need(id).summary.name,
      priority: 0,
      reason: queue.paused ? 'The queue is paused.' : 'Waits for the one free slot.',
    })),
    running: [...runs.values()]
      .filter((r) => LIVE.has(r.summary.status))
      .map((r) => ({ id: r.summary.id, name: r.summary.name, progress: null })),
  })
  const queueChanged = (): typeof OK => {
    emit('queue.changed', queueNow())
    return OK
  }
  const file = (name: string, text: string) => ({ name, mime: 'text/plain', text })

  return {
    'app.info': () => ({
      name: 'CoTrain',
      version: '0.1.0',
      host: 'web',
      home: settings.home,
      reason: 'Electron is not installed here.',
    }),
    'app.changeHome': ({ path }) => ({ home: path }),
    'app.choosePath': () => ({ path: null }),
    'app.doctor': () => DOCTOR,
    'app.setup': () => OK,
    'app.setupPlan': () => null,
    'app.stopSetup': () => OK,
    'settings.get': () => settings,
    'settings.set': (p) => (settings = { ...settings, ...(p as Partial<typeof settings>) }),
    'ui.get': () => memory,
    'ui.set': ({ key, value }) => {
      memory[key] = value
      return OK
    },
    'config.presets': () => [
      {
        id: 'demo-baseline',
        title: 'Demo: classification only',
        description: 'The baseline of the demo.',
        yaml: BASELINE_YAML,
      },
      {
        id: 'demo-cotrained',
        title: 'Demo: co-trained with V1',
        description: 'Digits together with responses of model neurons.',
        yaml: COTRAINED_YAML,
      },
    ],
    'config.offers': () => [],
    'config.read': ({ path }) => ({ name: path, yaml: BASELINE_YAML }),
    'config.parse': ({ yaml }) => {
      const given: unknown = parse(yaml)
      const parsed = parseRunConfig(given)
      return parsed.ok
        ? { config: parsed.value as unknown as Result<'runs.get'>['config'], given, problems: [] }
        : { config: null, given, problems: [...parsed.problems] as { code: string; message: string }[] }
    },
    'config.preflight': ({ config }) => {
      const parsed = parseRunConfig(config)
      const same = [...runs.values()].find(
        (r) =>
          r.summary.status === 'finished' &&
          parsed.ok &&
          r.summary.name === parsed.value.name &&
          r.config.seed === parsed.value.seed,
      )
      return {
        id: parsed.ok ? 'a1b2c3d4e5'.repeat(6) : null,
        problems: parsed.ok ? [] : ([...parsed.problems] as { code: string; message: string }[]),
        warnings: parsed.ok ? ['The learning rate is above what this model was published with.'] : [],
        config: parsed.ok ? (parsed.value as unknown as Result<'runs.get'>['config']) : null,
        identicalRun: same?.summary ?? null,
        data: [
          { name: 'MNIST digits', present: true, detail: 'unchanged since it was added' },
          { name: 'In-silico V1', present: true, detail: 'generated, seed 1000' },
        ],
        memoryBytes: 1.4 * 1024 ** 3,
        freeMemoryBytes: 11.2 * 1024 ** 3,
        diskBytes: 64 * 1024 ** 2,
        freeDiskBytes: 212 * 1024 ** 3,
        secondsEstimate: 214,
        deviceMemory: null,
        biggest: [{ name: 'output of v1_block.conv1_2, 64 × 64 × 64, for 64 images', bytes: 64 * 2 ** 20 }],
        fixes: [],
        offers: [],
        share: [],
      }
    },
    'config.warmUp': () => ({
      problems: [],
      seconds: { start: 4, training: 180, evaluation: 30, total: 214 },
      secondsPerStep: 0.09,
      stepsPerEpoch: 338,
      epochs: 6,
      timedSteps: 8,
      memoryBytes: 1.4 * 2 ** 30,
      backend: 'native',
      workingRuns: 1,
    }),
    'recipes.list': () => [],
    'recipes.plan': () => ({
      ...{ name: 'Sweep', question: '', description: '', tag: 'Sweep', compareTo: '' },
      ...{ inputs: [], problems: [], excluded: 0, steps: [], runs: [] },
    }),
    'recipes.queue': () => QUEUED,
    'family.list': () => [],
    'family.get': ({ name }) => {
      throw new CotrainError({ code: 'not-found', path: name, message: 'there is no family of this name.' })
    },
    'family.search': () => null,
    'family.report': ({ name, format }) => file(`${name}.${format === 'html' ? 'html' : 'md'}`, 'Report'),
    'family.create': () => QUEUED,
    'family.addSeeds': () => QUEUED,
    'family.stop': () => OK,
    'family.continue': () => QUEUED,
    'family.remove': () => OK,
    'config.modelCard': () => modelCardOf(),
    'runs.create': ({ config }) => {
      const parsed = parseRunConfig(config)
      if (!parsed.ok) throw new CotrainError(parsed.problems)
      const like = demoRuns()[7] as FakeRun
      const id = Array.from({ length: 64 }, () => Math.floor(Math.random() * 16).toString(16)).join('')
      const run: FakeRun = {
        config: parsed.value,
        skill: 0.6,
        summary: {
          ...like.summary,
          id,
          shortId: id.slice(0, 10),
          name: parsed.value.name,
          seed: parsed.value.seed,
          createdAt: Date.now(),
        },
      }
      runs.set(id, run)
      queue.order.push(id)
      change(run, {})
      queueChanged()
      return { id, created: true, status: 'queued' }
    },
    'runs.list': ({ limit, offset }) => ({
      total: runs.size,
      runs: [...runs.values()].slice(offset, offset + limit).map((r) => r.summary),
    }),
    'runs.get': ({ id }) => detailOf(need(id), keysOf(need(id))),
    'runs.curves': ({ ids, keys, points }) =>
      ids.flatMap((id) => keys.flatMap((key) => curveOf(need(id), key, points) ?? [])),
    'runs.moment': ({ id, epoch, verify }) => momentOf(need(id), epoch, verify),
    'runs.exportWeights': ({ to }) => ({ path: to }),
    'runs.exportNetwork': ({ to }) => ({ path: to, files: ['model.py'] }),
    'runs.exportTracker': ({ to }) => ({ path: to }),
    'runs.log': ({ id }) => {
      const lines = Array.from({ length: 120 }, (_, i) => ({
        at: NOW - (120 - i) * 1500,
        level: i % 37 === 36 ? 'warn' : 'info',
        text:
          i % 37 === 36
            ? 'No improvement for 3 epochs, learning rate times 0.3'
            : `epoch ${Math.floor(i / 10)} of ${need(id).summary.epochs}: validation accuracy ${(90 + i / 20).toFixed(2)} %`,
      }))
      return { total: lines.length, lines }
    },
    'runs.neurons': ({ id }) => neuronsOf(need(id), state === 'huge' ? 1000 : 96),
    'runs.robustness': ({ id, baseline }) =>
      robustnessOf(need(id), baseline === null ? null : need(baseline)),
    'runs.confusion': () => confusionOf(),
    'runs.annotate': ({ id, note, tags, star, name }) =>
      change(need(id), {
        ...(note === undefined ? {} : { note }),
        ...(tags === undefined ? {} : { tags }),
        ...(star === undefined ? {} : { star }),
        ...(name === undefined ? {} : { name }),
      }),
    'runs.stop': ({ id }) => {
      change(need(id), { status: 'stopped', endedAt: Date.now() })
      return queueChanged()
    },
    'runs.continue': ({ id }) => ({ id, created: true, status: 'queued', note: '' }),
    'runs.resume': ({ id }) => {
      change(need(id), { status: 'queued' })
      queue.order.push(id)
      return queueChanged()
    },
    'runs.remove': ({ id }) => {
      runs.delete(id)
      queue.order = queue.order.filter((q) => q !== id)
      emit('runs.changed', { runs: [], removed: [id] })
      return queueChanged()
    },
    'runs.restore': () => OK,
    'runs.trash': () => [],
    'runs.deleteForever': () => OK,
    'runs.add': () => ({ added: [], known: [], problems: [] }),
    'runs.worstImages': () => null,
    'runs.corruptionExamples': ({ corruption, severity }) => ({ corruption, severity, images: [] }),
    'runs.lineage': () => ({ parent: null, missingParent: null, children: [] }),
    'runs.balance': () => madeUpBalance(5),
    'runs.data': () => [],
    'runs.relocate': ({ path }) => ({ ...PLACE, path }),
    'runs.evaluate': ({ ids }) => ids.map((id) => evaluationOf(need(id))),
    'runs.evaluations': ({ id }) => [evaluationOf(need(id))],
    ...analysisAnswers,
    'runs.evaluatedNeurons': () => [],
    'runs.predict': ({ to }) => ({ path: to, images: 24, written: [], notes: [] }),
    ...packageAnswers(need),
    ...pluginAnswers(),
    'runs.readFile': () => ({ bytes: 0, base64: '' }),
    'runs.optionPaths': () => [],
    'runs.options': () => ({}),
    'runs.export': ({ id }) => file('config.yaml', stringify(need(id).config)),
    'queue.get': queueNow,
    'queue.pause': () => {
      queue.paused = true
      return queueChanged()
    },
    'queue.resume': () => {
      queue.paused = false
      return queueChanged()
    },
    'queue.move': ({ id, to }) => {
      queue.order = queue.order.filter((q) => q !== id).toSpliced(to, 0, id)
      return queueChanged()
    },
    'queue.remove': ({ id }) => {
      queue.order = queue.order.filter((q) => q !== id)
      runs.delete(id)
      emit('runs.changed', { runs: [], removed: [id] })
      return queueChanged()
    },
    'queue.retry': ({ id }) => {
      change(need(id), { status: 'queued', problem: null })
      queue.order.push(id)
      return queueChanged()
    },
    'queue.prioritise': () => queueChanged(),
    'queue.choose': () => queueChanged(),
    'compare.table': ({ ids, baseline }) => compareRuns(ids.map(need), baseline),
    'compare.options': ({ ids }) => compareRuns(ids.map(need), null).differences,
    'compare.effects': ({ key }) => ({ key, comparisons: 0, effects: [] }),
    'compare.evidence': () => ({ mean: 0.02, low: -0.01, high: 0.05, seeds: 3, units: 60, paired: true }),
    'compare.neurons': ({ a, b, column }) => compareNeurons(a.map(need), b.map(need), column),
    'compare.distributions': ({ ids, column }) => compareDistributions(ids.map(need), column),
    'compare.export': ({ format }) => file(`comparison.${format}`, 'name,accuracy\r\ndemo baseline,94.1\r\n'),
    'demo.start': () => ({
      ids: [...runs.keys()].slice(0, 3),
      note: 'Three runs of about one minute each, sized to this machine.',
    }),
    'data.list': () => (state === 'empty' ? [] : [...DATA_SETS]),
    'data.inspect': ({ path }) => ({
      kind: 'recording' as const,
      format: 'npz',
      summary: `${path}: 2 arrays`,
      needsMapping: true,
      tree: [
        { path: 'stimuli', shape: [4000, 28, 28], type: 'uint8' },
        { path: 'responses', shape: [4000, 96], type: 'float32' },
      ],
      problems: [],
    }),
    'data.add': () => DATA_SETS[1] as Result<'data.add'>,
    'data.get': ({ id }) => DATA_SETS.find((d) => d.id === id) ?? (DATA_SETS[0] as Result<'data.get'>),
    'data.check': ({ id }) => DATA_SETS.find((d) => d.id === id) ?? (DATA_SETS[0] as Result<'data.check'>),
    'data.preview': ({ id, images }) => previewOf(id, images),
    'data.look': () => LOOK,
    'data.cancel': () => OK,
    'data.mend': ({ id }) => DATA_SETS.find((d) => d.id === id) ?? (DATA_SETS[0] as Result<'data.mend'>),
    'data.ignore': ({ id, key, reason }) => ignoredIn(id, key, reason),
    'data.neurons': ({ id }) => unitsOf(id),
    'data.responses': ({ id }) => ({ bins: previewOf(id, 0).responseHistogram, count: 96_000, missing: 0 }),
    'data.uses': () => ({
      total: 2,
      runs: [...runs.values()].slice(0, 2).map(({ summary: { id, name, status } }) => ({ id, name, status })),
    }),
    'data.restore': ({ id }) =>
      DATA_SETS.find((d) => d.id === id) ?? (DATA_SETS[0] as Result<'data.restore'>),
    'data.relocate': ({ id }) =>
      DATA_SETS.find((d) => d.id === id) ?? (DATA_SETS[0] as Result<'data.relocate'>),
    'data.remove': () => OK,
    'data.export': ({ path }) => ({ path }),
  }
}
