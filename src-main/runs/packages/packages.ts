import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Params, Result } from '../../../src-shared/contract/contract.ts'
import { contract } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { OpenedPackage, PackageLook, PackageOutline } from '../../../src-shared/contract/package.ts'
import { packageCard } from '../../../src-shared/contract/package.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { EvaluationWatch } from '../evaluate/evaluate-runs.ts'
import { readSettings } from '../home/settings-file.ts'
import type { Workspace } from '../home/workspace.ts'
import { CARD, openPackage, requireNewPackage } from './package-file.ts'

/** Finished runs of one setting. @throws CotrainError `config-invalid` for runs of several, `run-state` for one that is not finished */
function runsOfSetting(
  store: RunStore,
  ids: readonly string[],
  group: boolean,
): { readonly runs: readonly RunSummary[]; readonly inSetting: number } {
  const named = [...new Set(ids.map((id) => store.resolve(id)))].map((id) => store.summary(id))
  const [first] = named
  const other = named.find(({ groupId }) => groupId !== first?.groupId)
  if (other !== undefined)
    throw new CotrainError({
      code: 'config-invalid',
      path: other.shortId,
      message: `is of another setting than ${first?.shortId}.`,
      hint: 'A package holds one setting: write one for each.',
    })
  const open = named.find(({ status }) => status !== 'finished')
  if (open !== undefined)
    throw new CotrainError({
      code: 'run-state',
      path: open.shortId,
      message: `it is ${open.status}; only finished runs are packaged.`,
      hint: 'Finish it first.',
    })
  const setting = store
    .list({ status: ['finished'] })
    .runs.filter(({ readable, groupId }) => readable && groupId === first?.groupId)
  const runs = group ? setting : named
  return { runs: [...runs].sort((a, b) => a.seed - b.seed), inSetting: setting.length }
}

/** What a package of runs would hold. */
export function outlinePackage(
  { store }: Workspace,
  { ids, group }: Params<'packages.outline'>,
): PackageOutline {
  const { runs, inSetting } = runsOfSetting(store, ids, group)
  return {
    runs: runs.map(({ id, name, seed }) => ({ id, name, seed, bytes: bytesOf(store, id) })),
    inSetting,
    title: runs[0]?.name ?? '',
    author: readSettings(store).author,
    dataFingerprint: runs[0] === undefined ? '' : store.read(runs[0].id).identity.data,
  }
}

function bytesOf(store: RunStore, id: string): number {
  const { weights, arrays, shapes } = store.files(id)
  return [weights, arrays, shapes]
    .map((path) => (existsSync(path) ? statSync(path).size : 0))
    .reduce((a, b) => a + b, 0)
}

/** Writes runs into a package; a process of its own computes the stored outputs, on the processor, so that they depend on no card. */
export function writePackageOf(
  workspace: Workspace,
  { ids, group, to, examples, ...said }: Omit<Params<'packages.write'>, 'job'>,
  watch: EvaluationWatch,
): Promise<Result<'packages.write'>> {
  const { store, folder, appVersion } = workspace
  const path = resolve(folder, to)
  requireNewPackage(path)
  const { runs } = runsOfSetting(store, ids, group)
  const { author } = readSettings(store)
  const words = {
    title: said.title ?? runs[0]?.name ?? '',
    note: said.note ?? '',
    authors: said.authors ?? (author === '' ? [] : [author]),
    licence: said.licence ?? '',
    citation: said.citation ?? '',
  }
  return workspace.ask({
    job: 'package',
    folder,
    request: { ids: runs.map(({ id }) => id), to: path, words, examples, app: appVersion },
    answer: contract['packages.write'].result,
    doing: 'writing the package',
    env: { COTRAIN_ENGINE: 'wasm' },
    ...watch,
  })
}

/** What a package says about itself. Its weights and outputs are looked at when it is opened. */
export function lookAtPackage({ store }: Workspace, path: string): PackageLook {
  const file = openPackage(path)
  try {
    const card = file.json(CARD, packageCard)
    return { path, bytes: file.bytes, card, members: [...file.members], known: knownOf(store, card.runs) }
  } finally {
    file.close()
  }
}

/** Ids of the runs that are here already. */
export const knownOf = (store: RunStore, runs: readonly { readonly id: string }[]): string[] =>
  runs.filter(({ id }) => store.exists(id)).map(({ id }) => id)

/** Checks a package in a process of its own and adds its runs. */
export async function openPackageIn(
  workspace: Workspace,
  given: string,
  watch: EvaluationWatch,
): Promise<OpenedPackage> {
  const { store, folder } = workspace
  store.checkWritable()
  const { path } = lookAtPackage(workspace, resolve(folder, given)) // what is none needs no engine
  return workspace.ask({
    job: 'open-package',
    folder,
    request: { path },
    answer: contract['packages.open'].result,
    doing: 'opening the package',
    ...watch,
  })
}
