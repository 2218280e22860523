import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  addSeeds,
  createFamily,
  getFamily,
  listFamilies,
  queueAsFamily,
} from '../../../../../src-main/runs/families/families.ts'
import { familyName, removeFamily } from '../../../../../src-main/runs/families/family-files.ts'
import type { RecipeDeps } from '../../../../../src-main/runs/create/recipe-plan.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'

const lab = labs()
const presets = join(import.meta.dirname, '../../../../../configs')
const depsOf = ({ create, home }: Lab): RecipeDeps => ({ ...create, presets, folder: home })
const baseline = {
  dataset: { fn: 'img_loader' },
  model: { fn: 'classification_cnn_builder' },
  trainer: { fn: 'cotrainer' },
}
const recipe = {
  name: 'Patience: kurz & länger',
  question: 'Does patience pay?',
  baseline,
  list: [{ label: 'short' }, { label: 'long', patch: { 'trainer.patience': 9 } }],
  compareTo: 'short',
  seeds: [1, 2],
}
const NAME = 'patience-kurz-langer'
const asked = { recipe, inputs: {} }
const file = ({ store }: Lab, name = NAME): string => join(store.layout.families, `${name}.yaml`)

describe('a family', () => {
  it('is a file, its runs are those of its recipe, and the first seed of each comes first', async () => {
    const at = lab()
    const made = await createFamily(depsOf(at), asked, { queue: true })
    expect(made).toMatchObject({ family: NAME, queued: 4, known: 0, tag: recipe.name })
    const seedOf = (id: string): number => at.store.read(id).config.seed
    expect(at.queue.read().waiting.map(({ id }) => seedOf(id))).toEqual([1, 1, 2, 2])
    const family = getFamily(depsOf(at), NAME)
    expect(family).toMatchObject({
      title: recipe.name,
      question: 'Does patience pay?',
      baseline: 'short',
      seeds: [1, 2],
      counts: { queued: 4 },
      problem: null,
    })
    expect(family.settings.map(({ label, runs }) => [label, runs.map((r) => r.seed)])).toEqual([
      ['short', [1, 2]],
      ['long', [1, 2]],
    ])
    for (const { groupId, runs } of family.settings)
      for (const { id } of runs) expect(at.store.summary(id ?? '').groupId).toBe(groupId)
    expect(listFamilies(depsOf(at))).toMatchObject([{ name: NAME, counts: { queued: 4 } }])
    // What was worked out before does not outlive the text of the file.
    const text = readFileSync(file(at), 'utf8')
    writeFileSync(file(at), text.replace('Does patience pay?', 'Changed by hand?'))
    expect(getFamily(depsOf(at), NAME).question).toBe('Changed by hand?')
  })

  it('whose start was cut off between file and queue has its runs queued once by the same start', async () => {
    const at = lab()
    await createFamily(depsOf(at), asked, { queue: false })
    expect(getFamily(depsOf(at), NAME)).toMatchObject({ counts: { new: 4 } })
    expect(at.queue.read().waiting).toEqual([])
    expect(await createFamily(depsOf(at), asked, { queue: true })).toMatchObject({ queued: 4 })
    expect(await createFamily(depsOf(at), asked, { queue: true })).toMatchObject({ queued: 0, known: 4 })
    expect(at.queue.read().waiting).toHaveLength(4)
  })

  it('takes further seeds once, and keeps the comments of its file', async () => {
    const at = lab()
    const deps = depsOf(at)
    await createFamily(deps, asked, { queue: true })
    writeFileSync(file(at), `# For the poster.\n${readFileSync(file(at), 'utf8')}`)
    expect(await addSeeds(deps, NAME, [2, 7])).toMatchObject({ queued: 2, known: 2 })
    const text = readFileSync(file(at), 'utf8')
    expect(text).toContain('# For the poster.')
    expect(text).toContain('seeds: [ 1, 2, 7 ]')
    expect(await addSeeds(deps, NAME, [2, 7])).toMatchObject({ queued: 0, known: 4 })
    expect(readFileSync(file(at), 'utf8')).toBe(text)
    expect(getFamily(deps, NAME)).toMatchObject({ seeds: [1, 2, 7], counts: { queued: 6 } })
  })

  it('without seeds keeps that of its config when others are added', async () => {
    const at = lab()
    const alone = { recipe: { name: 'Alone', baseline: { ...baseline, seed: 40 } }, inputs: {} }
    await createFamily(depsOf(at), alone, { queue: true })
    expect(await addSeeds(depsOf(at), 'alone', [41])).toMatchObject({ queued: 1 })
    expect(getFamily(depsOf(at), 'alone')).toMatchObject({ seeds: [40, 41], counts: { queued: 2 } })
  })

  it('refuses the name of another one, and a recipe that is queued takes a number', async () => {
    const at = lab()
    const other = { ...asked, recipe: { ...recipe, list: [] } }
    await createFamily(depsOf(at), asked, { queue: false })
    const problem = await problemOf(() => createFamily(depsOf(at), other, { queue: true }))
    expect(problem).toMatchObject({ path: 'name', hint: 'Give this one another name.' })
    expect(at.queue.read().waiting).toEqual([])
    expect(await queueAsFamily(depsOf(at), other)).toMatchObject({ family: `${NAME}-2`, queued: 2 })
    expect(await queueAsFamily(depsOf(at), other)).toMatchObject({ family: `${NAME}-2`, queued: 0 })
    const { title, tag, counts } = getFamily(depsOf(at), `${NAME}-2`)
    expect([title, counts]).toEqual([`${recipe.name} (2)`, { queued: 2 }])
    expect(tag).not.toBe(getFamily(depsOf(at), NAME).tag)
    const more = { ...asked, recipe: { ...recipe, seeds: [3] } }
    expect(await queueAsFamily(depsOf(at), more)).toMatchObject({ family: NAME, queued: 2 })
    expect(getFamily(depsOf(at), NAME)).toMatchObject({
      seeds: [1, 2, 3],
      counts: { queued: 2, new: 4 },
    })
  })

  it('that is damaged is named, and the others load', async () => {
    const at = lab()
    await createFamily(depsOf(at), asked, { queue: false })
    mkdirSync(at.store.layout.families, { recursive: true })
    writeFileSync(file(at, 'broken'), 'name: [')
    writeFileSync(file(at, 'unknown'), 'name: Unknown\nbaseline: demo-baseline\nwhat: 1\n')
    writeFileSync(file(at, 'My own Family'), 'name: Mine\nbaseline: demo-baseline\nwhat: 1\n')
    const rows = listFamilies(depsOf(at))
    expect(rows.map(({ name, problem }) => [name, problem?.path])).toEqual([
      ['My own Family', `${file(at, 'My own Family')}, what`],
      ['broken', `${file(at, 'broken')}:1`],
      [NAME, undefined],
      ['unknown', `${file(at, 'unknown')}, what`],
    ])
    expect((await problemOf(() => getFamily(depsOf(at), 'broken')))?.code).toBe('config-invalid')
  })

  it('finds its runs by their options where its data are gone', async () => {
    const at = lab()
    const { ids } = await createFamily(depsOf(at), asked, { queue: true })
    const problem = { code: 'data-missing', path: 'dataset.config.path', message: 'no such folder.' } as const
    const describeData: RecipeDeps['describeData'] = () =>
      Promise.resolve({ fingerprint: '', items: [], shapes: null, problems: [problem] })
    const gone = getFamily(depsOf(at), NAME)
    expect(gone.problem).toBeNull()
    expect(gone.settings.flatMap(({ runs }) => runs.map((r) => r.id))).toEqual(ids)
    expect((await problemOf(() => addSeeds({ ...depsOf(at), describeData }, NAME, [9])))?.code).toBe(
      'data-missing',
    )
    expect(readFileSync(file(at), 'utf8')).not.toContain('9 ]')
  })

  it('goes to the trash as a file, and its runs stay', async () => {
    const at = lab()
    const { ids } = await createFamily(depsOf(at), asked, { queue: true })
    await removeFamily(at.store, NAME)
    expect(existsSync(file(at))).toBe(false)
    expect(listFamilies(depsOf(at))).toEqual([])
    expect(ids.every((id) => at.store.exists(id))).toBe(true)
    expect((await problemOf(() => removeFamily(at.store, NAME)))?.code).toBe('not-found')
  })

  it('has a name of letters, digits and dashes, whatever its title is', () => {
    expect(familyName('V4 five sessions with Tiny ImageNet')).toBe('v4-five-sessions-with-tiny-imagenet')
    expect(familyName('  Größe/..\\x ')).toBe('gro-e-x')
    expect(familyName('視覚')).toBe('family')
    expect(familyName(`${'a'.repeat(59)} b`)).toBe('a'.repeat(59))
  })
})
