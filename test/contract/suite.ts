import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventName, Method } from '../../src-shared/contract/contract.ts'
import { contract, events } from '../../src-shared/contract/contract.ts'
import type { Problem } from '../../src-shared/contract/errors.ts'
import { smallConfig, until } from '../support/lab.ts'
import { TEMPLATE } from '../support/plugin-folder.ts'
import { writeSmallRecording } from '../support/small-recording.ts'
import type { Answered } from '../support/test-service.ts'

export type Answer = { ok: true; result: unknown } | { ok: false; problems: readonly Problem[] }

/** A caller as a host offers it: nothing but the two functions. */
export interface Caller {
  call(method: string, params: unknown): Promise<Answer>
  listen(event: string, handler: (payload: unknown) => void): () => void
  close(): Promise<void>
}

/** A caller and what reached the service behind its host. */
export interface Watched extends Caller {
  readonly answered: Answered
}

/** Methods that the suite sees refused only, with the reason: they need networks, images or a home that may move. */
const REFUSED_ONLY: Readonly<Record<string, string>> = {
  'app.changeHome': 'not-allowed',
  'data.ignore': 'not-found',
  'packages.fetch': 'file-invalid',
  'packages.look': 'file-missing',
  'packages.open': 'file-missing',
  'packages.write': 'not-allowed',
  'runs.add': 'file-missing',
  'runs.analyse': 'config-invalid',
  'runs.analysedUnits': 'file-missing',
  'runs.analysedRdms': 'file-missing',
  'runs.continue': 'config-invalid',
  'runs.corruptionExamples': 'not-found',
  'runs.deleteForever': 'run-missing',
  'runs.evaluate': 'config-invalid',
  'runs.exportAnalysis': 'file-missing',
  'runs.exportNetwork': 'not-allowed',
  'runs.exportWeights': 'run-state',
  'runs.predict': 'file-missing',
  'runs.relocate': 'file-missing',
}

/** What the dialog of a host that has one returns. */
const CHOSEN = '/tmp'

/** What every host must do alike: all methods, all results as the contract says, all refusals with a reason. */
export function contractSuite(host: string, open: () => Promise<Watched>, hasDialog = false): void {
  describe(`the contract through ${host}`, () => {
    let caller: Watched
    let id = ''
    const folder = mkdtempSync(join(CHOSEN, 'cotrain-contract-'))
    const heard = new Map<string, unknown[]>()

    beforeAll(async () => {
      caller = await open()
      for (const name of Object.keys(events)) {
        heard.set(name, [])
        caller.listen(name, (payload) => heard.get(name)?.push(payload))
      }
    })
    afterAll(async () => {
      await caller.close()
      rmSync(folder, { recursive: true, force: true })
    })

    const good = async <T = Record<string, unknown>>(method: Method, params: unknown = {}): Promise<T> => {
      const answer = await caller.call(method, params)
      if (!answer.ok) throw new Error(`${method}: ${JSON.stringify(answer.problems)}`)
      const wire = JSON.parse(JSON.stringify(answer.result)) as T
      expect(contract[method].result.safeParse(wire).error, `result of ${method}`).toBeUndefined()
      return wire
    }
    const refused = async (method: string, params: unknown): Promise<Problem> => {
      const answer = await caller.call(method, params)
      if (answer.ok) throw new Error(`${method} was answered`)
      return answer.problems[0] as Problem
    }

    it('tells about the app, and keeps settings and what the interface remembers', async () => {
      expect(await good('app.info')).toMatchObject({ name: 'CoTrain', version: '1.2.3' })
      await good('app.doctor')
      await good('app.setup')
      await good('app.stopSetup')
      expect(await good('app.setupPlan')).toMatchObject({ version: '2.21.0', fetchedBytes: 10 })
      expect(await good('settings.get')).toMatchObject({ theme: 'system' })
      expect(await good('settings.set', { theme: 'dark' })).toMatchObject({ theme: 'dark', engine: 'auto' })
      await good('ui.set', { key: 'colours', value: { a: 1 } })
      expect(await good('ui.get')).toEqual({ colours: { a: 1 } })
    })

    it(hasDialog ? 'opens the file dialog' : 'says that it has no file dialog', async () => {
      if (hasDialog) expect(await good('app.choosePath', { kind: 'folder' })).toEqual({ path: CHOSEN })
      else expect(await refused('app.choosePath', { kind: 'folder' })).toMatchObject({ code: 'not-allowed' })
    })

    it('checks configs before anything is started', async () => {
      await good('config.presets')
      expect(await good('config.offers')).toContainEqual(
        expect.objectContaining({ id: 'demo-cotrained', kind: 'preset', runs: 1, asks: [] }),
      )
      const yaml =
        'dataset: { fn: img_loader }\nmodel: { fn: classification_cnn_builder }\ntrainer:\n  fn: cotrainer\n  config: { patiense: 3 }\n'
      const parsed = await good('config.parse', { yaml })
      expect(parsed['problems']).toMatchObject([
        { path: 'line 5, trainer.config.patiense', hint: 'Did you mean "patience"?' },
      ])
      const file = join(folder, 'kept.cotrain.yaml')
      writeFileSync(file, yaml)
      expect(await good('config.read', { path: file })).toEqual({ name: 'kept.cotrain.yaml', yaml })
      expect(await refused('config.read', { path: `${CHOSEN}/no such file` })).toMatchObject({
        code: 'file-missing',
      })
      expect(await good('config.preflight', { config: smallConfig(1) })).toMatchObject({
        problems: [],
        identicalRun: null,
      })
      await good('config.modelCard', { config: smallConfig(1) })
      expect(await good('config.warmUp', { config: smallConfig(1) })).toMatchObject({
        problems: [],
        timedSteps: 8,
      })
    })

    it('adds, trusts and removes plug-ins', async () => {
      expect(await good('plugins.list')).toEqual([])
      const path = join(folder, 'parts')
      cpSync(TEMPLATE, path, { recursive: true })
      const { hash, trusted } = await good<{ hash: string; trusted: boolean }>('plugins.add', {
        path,
      })
      expect(trusted).toBe(false)
      expect(await good('plugins.trust', { hash: hash.slice(0, 10) })).toMatchObject({ hash, trusted: true })
      await good('plugins.remove', { hash })
      expect(await refused('plugins.trust', { hash })).toMatchObject({ code: 'not-found' })
    })

    it('trains a run and shows it while it works', async () => {
      const created = await good<{ id: string; created: boolean }>('runs.create', { config: smallConfig(3) })
      id = created.id
      expect(created.created).toBe(true)
      await until('it is finished', () => {
        const changes = (heard.get('runs.changed') ?? []) as { runs: { id: string; status: string }[] }[]
        return changes.some(({ runs }) => runs.some((run) => run.id === id && run.status === 'finished'))
      })
      expect(await good('runs.create', { config: smallConfig(3) })).toEqual({
        id,
        created: false,
        status: 'finished',
      })
    })

    it('plans the runs of a recipe and queues only those that are missing', async () => {
      await good('recipes.list')
      const recipe = { name: 'Seeds', baseline: smallConfig(1), seeds: [3] }
      expect(await good('recipes.plan', { recipe })).toMatchObject({ runs: [{ id, status: 'finished' }] })
      expect(await good('recipes.queue', { recipe })).toEqual({
        family: 'seeds',
        ids: [id],
        queued: 0,
        known: 1,
        diverged: 0,
        tag: 'Seeds',
        waiting: 0,
      })
      expect(await refused('recipes.queue', { recipe: { ...recipe, baseline: 'nothing' } })).toMatchObject({
        code: 'config-invalid',
        path: 'baseline',
      })
    })

    it('keeps a recipe that was started as a family', async () => {
      expect(await good('family.list')).toMatchObject([{ name: 'seeds', counts: { finished: 1 } }])
      expect(await good('family.get', { name: 'seeds' })).toMatchObject({
        settings: [{ label: 'Seeds', runs: [{ seed: 3, id, status: 'finished' }] }],
        problems: [],
      })
      expect(await good('family.search', { name: 'seeds' })).toBeNull()
      const report = await good('family.report', { name: 'seeds', format: 'html' })
      expect(report.text).toContain(id)
      expect(await good('family.addSeeds', { name: 'seeds', seeds: [3] })).toMatchObject({
        queued: 0,
        known: 1,
      })
      const recipe = { name: 'Seeds', baseline: smallConfig(9) }
      expect(await refused('family.create', { recipe })).toMatchObject({ path: 'name' })
      expect(
        await good('family.create', { recipe: { ...recipe, name: 'Nine' }, queue: false }),
      ).toMatchObject({
        family: 'nine',
        queued: 0,
      })
      await good('family.stop', { name: 'nine' })
      expect(await good('family.get', { name: 'nine' })).toMatchObject({ stopped: true })
      expect(await good('family.continue', { name: 'seeds' })).toMatchObject({ family: 'seeds', queued: 0 })
      expect(await refused('family.continue', { name: 'ten' })).toMatchObject({ code: 'not-found' })
      await good('family.remove', { name: 'nine' })
      expect(await refused('family.get', { name: 'nine' })).toMatchObject({ code: 'not-found' })
      expect(await refused('family.get', { name: '../settings' })).toMatchObject({ code: 'config-invalid' })
    })

    it('shows everything about a run', async () => {
      expect(await good('runs.list', {})).toMatchObject({ total: 1 })
      await good('runs.get', { id })
      const curves = await good<unknown[]>('runs.curves', {
        ids: [id],
        keys: ['Training/v1/loss', 'nothing'],
      })
      expect(curves).toHaveLength(1)
      await good('runs.log', { id })
      expect(await good('runs.neurons', { id })).toHaveLength(1)
      await good('runs.robustness', { id })
      expect(await good('runs.confusion', { id })).toMatchObject({
        classNames: ['cat', 'dog'],
        counts: [
          [5, 1],
          [2, 6],
        ],
      })
      expect(await good('runs.annotate', { id, star: true })).toMatchObject({ star: true })
      for (const what of ['config', 'metrics', 'neurons', 'neurons-parquet', 'result', 'jsonl', 'nnfabrik'])
        await good('runs.export', { id, what })
      expect(await good('runs.moment', { id, epoch: 4, verify: true })).toMatchObject({
        fault: null,
        verified: true,
      })
      // It needs a network as well.
      const unkept = { id, epoch: 99, to: `${CHOSEN}/no such folder/a.safetensors` }
      expect(await refused('runs.exportWeights', unkept)).toMatchObject({ code: 'run-state' })
      expect(await refused('runs.exportNetwork', { id, to: CHOSEN, format: 'onnx' })).toMatchObject({
        code: 'not-allowed',
      })
      // They need a network: src-main/runs/packages.
      await good('packages.outline', { ids: [id] })
      const inFolder = join(folder, 'there.cotrain')
      writeFileSync(inFolder, 'kept')
      expect(await refused('packages.write', { ids: [id], to: inFolder })).toMatchObject({
        code: 'not-allowed',
      })
      for (const method of ['packages.look', 'packages.open'])
        expect(await refused(method, { path: `${CHOSEN}/no such.cotrain` })).toMatchObject({
          code: 'file-missing',
        })
      const address = { address: 'ftp://127.0.0.1/shelf', file: 'a.cotrain' }
      expect(await refused('packages.fetch', address)).toMatchObject({ code: 'file-invalid' })
      expect(await good('packages.shelf', { folder })).toMatchObject([{ card: null, file: 'there.cotrain' }])
      for (const tracker of ['tensorboard', 'mlflow'])
        await good('runs.exportTracker', { id, to: join(folder, tracker), tracker })
      await good('runs.lineage', { id })
      expect(await good('runs.balance', { id })).toMatchObject({ verdict: 'unknown', epochs: [] })
      expect(await refused('runs.continue', { id, maxIter: 1 })).toMatchObject({
        code: 'config-invalid',
      })
      expect(await good('runs.evaluations', { id })).toEqual([])
      await good('runs.evaluatedNeurons', { id, key: '0123456789abcdef' })
      // They need networks: src-main/host/cli/evaluate.test.ts.
      expect(await refused('runs.evaluate', { ids: [id], ensemble: true })).toMatchObject({
        code: 'config-invalid',
      })
      expect(await refused('runs.evaluate', { ids: [id], conditions: { fogg: [1] } })).toMatchObject({
        code: 'config-invalid',
        path: 'conditions.fogg',
        hint: 'Did you mean "fog"?',
      })
      expect(await good('runs.analyses', { id })).toEqual([])
      const unmade = { id, key: '0123456789abcdef' }
      const missing = { code: 'file-missing' }
      expect(await refused('runs.analysedUnits', { ...unmade, units: [0] })).toMatchObject(missing)
      expect(await refused('runs.analysedRdms', { ...unmade, names: ['responses'] })).toMatchObject(missing)
      const place = { to: `${CHOSEN}/a.csv` }
      expect(await refused('runs.exportAnalysis', { ...unmade, ...place })).toMatchObject(missing)
      await good('runs.removeAnalysis', unmade)
      expect(await refused('runs.analyse', { id, what: 'mei', options: { step: 5 } })).toMatchObject({
        code: 'config-invalid',
        path: 'step',
        hint: 'Did you mean "steps"?',
      })
      const predict = { ids: [id], images: 'set', to: `${CHOSEN}/no such folder/a.csv` }
      expect(await refused('runs.predict', predict)).toMatchObject({ code: 'file-missing' })
      expect(await good('runs.readFile', { id, name: 'run.json', length: 1 })).toMatchObject({
        base64: 'ew==',
      })
      for (const name of ['../run.json', '/etc/passwd', 'run.json/', 'checkpoints'])
        expect(await refused('runs.readFile', { id, name }), name).toMatchObject({ code: 'not-found' })
      // They need images: src-main/runs/read/worst-images.test.ts.
      expect(await good('runs.worstImages', { id })).toBeNull()
      expect(await refused('runs.corruptionExamples', { id, corruption: 'rain', severity: 1 })).toMatchObject(
        {
          code: 'not-found',
        },
      )
    })

    it('filters runs by their options', async () => {
      const paths = await good<{ path: string; samples: string[] }[]>('runs.optionPaths')
      expect(paths.find(({ path }) => path === 'trainer.fn')?.samples).toEqual(['cotrainer'])
      expect(await good('runs.options', { paths: ['trainer.fn', 'no.such'] })).toMatchObject({
        [id]: ['cotrainer', null],
      })
    })

    it('compares runs', async () => {
      await good('compare.options', { ids: [id] })
      const side = { ids: [id], baseline: [id], area: 'v1' }
      await good('compare.evidence', { ...side, column: 'correlation' })
      await good('compare.table', { ids: [id], baseline: id })
      await good('compare.effects', { ids: [id], baseline: null, key: 'FinalTest/v1/eval' })
      expect(await good('compare.neurons', { a: [id], b: [id] })).toMatchObject({
        n: 8,
        aHigher: 0,
        bHigher: 0,
        difference: { mean: 0, low: null },
      })
      expect(await good('compare.distributions', { ids: [id] })).toMatchObject({ runs: [{ id }] })
      for (const format of ['csv', 'markdown', 'latex', 'json', 'html'])
        await good('compare.export', { ids: [id], format })
    })

    it('keeps a queue', async () => {
      await good('queue.pause')
      const { id: waiting } = await good<{ id: string }>('runs.create', { config: smallConfig(4) })
      const { ids } = await good<{ ids: string[] }>('demo.start')
      expect(await good('queue.get')).toMatchObject({
        paused: true,
        waiting: [{ id: waiting }, { id: ids[0] }],
      })
      await good('queue.move', { id: ids[0], to: 0 })
      await good('queue.prioritise', { id: waiting, priority: 9 })
      await good('queue.choose', { id: waiting, device: null })
      expect(await refused('queue.choose', { id: waiting, device: '7' })).toMatchObject({ code: 'not-found' })
      expect(await good('queue.get')).toMatchObject({ waiting: [{ id: waiting }, { id: ids[0] }] })
      await good('queue.remove', { id: waiting })
      await good('queue.retry', { id: waiting })
      await good('runs.stop', { id: waiting })
      await good('runs.resume', { id: waiting })
      await good('runs.remove', { id: waiting })
      expect(await good('runs.trash')).toMatchObject([{ id: waiting }])
      await good('runs.restore', { id: waiting })
      expect(await good('runs.trash')).toEqual([])
      expect(await refused('runs.deleteForever', { ids: [waiting] })).toMatchObject({ code: 'run-missing' })
      expect(await good('runs.data', { id: waiting })).toMatchObject([{ part: 'img_classification' }])
      expect(await refused('runs.relocate', { id: waiting, path: `${CHOSEN}/no such folder` })).toMatchObject(
        {
          code: 'file-missing',
        },
      )
      expect(await refused('runs.add', { path: `${CHOSEN}/no such folder` })).toMatchObject({
        code: 'file-missing',
      })
      await good('queue.remove', { id: ids[0] })
      await good('queue.resume')
    })

    it('keeps the storage folder that COTRAIN_HOME has chosen', async () => {
      expect(await refused('app.changeHome', { path: `${CHOSEN}/home`, how: 'new' })).toMatchObject({
        code: 'not-allowed',
      })
    })

    it('looks after data sets', async () => {
      const stem = join(folder, 'cells')
      await writeSmallRecording(stem, { seed: 1 })
      const path = `${stem}.npz`
      const mapping: unknown = JSON.parse(readFileSync(`${stem}.json`, 'utf8'))
      expect(await good('data.inspect', { path })).toMatchObject({ format: 'arrays', needsMapping: true })
      expect(await refused('data.add', { path })).toMatchObject({ code: 'config-invalid' })
      await good('data.look', { path, mapping, job: 'look-1' })
      await good('data.cancel', { job: 'look-1' })
      const { id: set } = await good<{ id: string }>('data.add', { path, mapping, name: 'cells' })
      expect(await good('data.list')).toMatchObject([{ id: set, name: 'cells', kind: 'neural' }])
      const file = join(folder, 'copy.npz')
      expect(await good('data.export', { id: set, format: 'npz', path: file })).toEqual({ path: file })
      expect(await refused('data.export', { id: set, format: 'exe', path: file })).toMatchObject({
        code: 'config-invalid',
      })
      expect(await refused('data.ignore', { id: set, key: 'dead', reason: 'seen' })).toMatchObject({
        code: 'not-found',
      })
      expect(await good('data.responses', { id: set, session: 's', unit: null })).toMatchObject({
        count: 480,
      })
      expect(await good('data.relocate', { id: set, path })).toMatchObject({ id: set, name: 'cells' })
      for (const what of ['get', 'check', 'preview', 'uses', 'remove', 'restore'] as const)
        await good(`data.${what}`, { id: set })
      expect(await good('data.neurons', { id: set })).toMatchObject([{ session: 's' }])
      const changed = await good('data.mend', { id: set, fix: { kind: 'missing', values: [7] } })
      expect(changed).toMatchObject({ name: 'cells' })
      expect(changed['id']).not.toBe(set)
      expect(await refused('data.get', { id: 'nothing' })).toMatchObject({ code: 'data-missing' })
    })

    it('refuses what is not in the contract, with a reason', async () => {
      expect(await refused('runs.destroy', {})).toMatchObject({ code: 'not-found' })
      for (const name of ['constructor', '__proto__', 'toString', ''])
        expect((await refused(name, {})).code).toBe('not-found')
      for (const params of [{}, { id: 5 }, { id: '../../etc/passwd' }, { id: '' }, [], 'x', 7, { id: null }])
        expect((await refused('runs.get', params)).code).toBe('config-invalid')
      expect(await refused('runs.get', { id: 'f'.repeat(64) })).toMatchObject({ code: 'run-missing' })
      expect(await refused('runs.resume', { id })).toMatchObject({ code: 'run-state' })
      expect(await refused('runs.create', { config: { trainer: 'x' } })).toMatchObject({
        code: 'config-invalid',
      })
      expect(await refused('config.parse', { yaml: 'x'.repeat(1_000_001) })).toMatchObject({
        code: 'config-invalid',
      })
    })

    it('tells news as the contract says', () => {
      for (const name of ['runs.changed', 'run.progress', 'queue.changed', 'setup.progress', 'data.changed'])
        expect(heard.get(name)?.length, name).toBeGreaterThan(0)
      for (const [name, payloads] of heard)
        for (const payload of payloads)
          expect(events[name as EventName].safeParse(payload).error, name).toBeUndefined()
    })

    it('has brought every method to the service, and had each answered but those that are known', () => {
      const methods = Object.keys(contract)
      expect(methods.filter((method) => !caller.answered.has(method))).toEqual([])
      const hidden = { ...REFUSED_ONLY, ...(hasDialog ? {} : { 'app.choosePath': 'not-allowed' }) }
      const refusals = methods.flatMap((method) => {
        const how = caller.answered.get(method)!
        return how.has('ok') ? [] : [[method, [...how].join(', ')] as const]
      })
      expect(Object.fromEntries(refusals)).toEqual(hidden)
    })
  })
}
