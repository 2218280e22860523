import { advanceFamilies, continueFamily, stopFamily } from '../runs/families/advance.ts'
import { addSeeds, createFamily, getFamily, listFamilies } from '../runs/families/families.ts'
import { getSearch } from '../runs/families/search-view.ts'
import { familyReport } from '../runs/report/family-report.ts'
import { reportHtml, reportMarkdown } from '../runs/report/report-block.ts'
import { removeFamily } from '../runs/families/family-files.ts'
import type { Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'

type FamilyMethods =
  | 'family.list'
  | 'family.get'
  | 'family.search'
  | 'family.report'
  | 'family.create'
  | 'family.addSeeds'
  | 'family.stop'
  | 'family.continue'
  | 'family.remove'

export function familyMethods({ workspace }: ServiceDeps): Feature<FamilyMethods> {
  const { store, queue, supervisor, describeData, shapesOf, folder, presets, curves } = workspace
  const deps = { store, queue, describeData, shapesOf, presets, folder }
  const started = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work
    // A search of which nothing waits has to be asked for its next trial.
    await advanceFamilies(deps)
    await supervisor.tick()
    return done
  }
  return {
    'family.list': () => listFamilies(deps),
    'family.get': ({ name }) => getFamily(deps, name),
    'family.search': ({ name }) => getSearch(deps, name),
    'family.report': async ({ name, format }) => {
      const prepare = (id: string): Promise<void> => curves.prepare(id)
      const report = await familyReport({ ...deps, prepare, now: new Date() }, name)
      return format === 'html'
        ? { name: `${name}.html`, mime: 'text/html', text: reportHtml(report) }
        : { name: `${name}.md`, mime: 'text/markdown', text: reportMarkdown(report) }
    },
    'family.create': ({ recipe, inputs, queue: now, rename }) =>
      started(createFamily(deps, { recipe, inputs }, { queue: now, rename })),
    'family.addSeeds': ({ name, seeds }) => started(addSeeds(deps, name, seeds)),
    'family.stop': async ({ name }) => {
      await stopFamily(deps, name)
      return OK
    },
    'family.continue': ({ name }) => started(continueFamily(deps, name)),
    'family.remove': async ({ name }) => {
      await removeFamily(store, name)
      return OK
    },
  }
}
