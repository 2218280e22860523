import {
  buildCycler,
  type Cycler,
  type CyclerArgs,
} from '../../src-main/engine/train/cyclers/build-cycler.ts'
import type { BatchSource, TaskSources } from '../../src-main/engine/train/cyclers/source.ts'
import { casesOf, entryName, exactOutcome, expectFailure } from './compare-exact.ts'
import { caseOptions, type PlainOptions } from './case-options.ts'
import { type GoldenCase, type GoldenOutcome, notComparable } from './golden-case.ts'

export const area = 'cyclers'

interface CyclerCase {
  readonly name?: string
  readonly cycler: string
  readonly loaders: Readonly<Record<string, number | Readonly<Record<string, number>>>>
  readonly args?: PlainOptions
  readonly len?: number
  readonly epochs?: readonly (readonly unknown[])[]
  readonly yielded?: number
  readonly error?: string
}

/** A loader of named batches: `name#0`, `name#1` ... */
const named = (key: string, name: string, batches: number): BatchSource<string> => ({
  key,
  batches,
  open: () => Array.from({ length: batches }, (_, i) => `${name}#${i}`),
})

/** Nested loaders are sessions of their task; the published session cyclers treat bare loaders as sessions of no task. */
function sourcesOf(entry: CyclerCase): TaskSources<string> {
  const loaders = Object.entries(entry.loaders)
  const bare = entry.cycler !== 'MTL_Cycler' && loaders.every(([, value]) => typeof value === 'number')
  if (bare) return new Map([['', new Map(loaders.map(([key, n]) => [key, named(key, key, n as number)]))]])
  return new Map(
    loaders.map(([task, value]) => {
      if (typeof value === 'number') return [task, new Map([['', named(task, task, value)]])]
      return [task, new Map(Object.entries(value).map(([key, n]) => [key, named(key, `${task}/${key}`, n)]))]
    }),
  )
}

async function trace(
  cycler: Cycler,
  sources: TaskSources<string>,
  mainTask: string | null,
  epoch: number,
): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const { task, session, batch, step } of cycler.epoch(sources, epoch)) {
    const key = task === '' ? session : task === mainTask || session === '' ? task : [task, session]
    rows.push({ key, batch, backward: step })
  }
  return rows
}

const BUILT = ['MTL_Cycler', 'LongCycler', 'ShortCycler']

/** Arguments of a cycler; the reference numbers were made with the published ratio rule. */
function argsOf(entry: CyclerCase): CyclerArgs {
  if (!BUILT.includes(entry.cycler)) notComparable(`no cycler ${entry.cycler} is built here`)
  const o = caseOptions(entry.cycler, entry.args ?? {})
  const args = {
    main_key: o.text('main_key', 'img_classification'),
    ratio: (o.raw('ratio') ?? 1) as NonNullable<CyclerArgs['ratio']>, // the json holds the published types
    grad_accum_step: o.number('grad_accum_step', 0),
  }
  o.finish()
  return { ...args, rule: 'published' }
}

async function runCase(entry: CyclerCase): Promise<GoldenOutcome> {
  const args = argsOf(entry)
  const play = async (): Promise<unknown> => {
    const cycler = buildCycler(entry.cycler, args)
    const sources = sourcesOf(entry)
    const mainTask = entry.cycler === 'MTL_Cycler' ? (args.main_key ?? null) : null
    const epochs: unknown[][] = []
    for (let i = 0; i < Math.max(entry.epochs?.length ?? 1, 1); i++)
      epochs.push(await trace(cycler, sources, mainTask, i + 1))
    return { len: cycler.length(sources, 1).reported, epochs, yielded: epochs[0]?.length ?? 0 }
  }
  if (entry.error !== undefined) return expectFailure(play, entry.error)
  return exactOutcome(await play(), { len: entry.len, epochs: entry.epochs, yielded: entry.yielded })
}

/** One case per entry of every file in `<folder>/cyclers`. */
export async function cases(folder: string): Promise<GoldenCase[]> {
  const found = await casesOf<CyclerCase>(folder, area, 'cases')
  return found.map(({ file, entry, index }) => ({
    name: entryName(file, entry.name ?? `${index}:${entry.cycler}`),
    run: () => runCase(entry),
  }))
}
