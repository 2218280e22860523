import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRun } from '../../../../../src-main/runs/create/create-run.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { relocateRun } from '../../../../../src-main/runs/shelf/relocate-run.ts'
import { resumeRun } from '../../../../../src-main/runs/create/resume-run.ts'
import { placesWithCopies } from '../../../../../src-main/runs/create/run-places.ts'
import { writeClassImages } from '../../../../support/class-images.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs, smallConfig } from '../../../../support/lab.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { depsIn, describedIn, workOn } from '../../../../support/real-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const at = (...names: string[]): string => join(root, ...names)
const lab = labs()

const images = (seed: number, dataset: Record<string, unknown>) =>
  smallConfig(seed, {
    dataset: { fn: 'img_loader', config: { dataset_cls: 'ImageFolder', input_size: 8, ...dataset } },
  })

async function queued(
  { create, home }: Lab,
  seed: number,
  dataset: Record<string, unknown>,
): Promise<string> {
  const options = { ...create, describeData: describedIn(home) }
  return (await createRun(options, images(seed, dataset), { folder: root })).id
}

const relocate = ({ store, home }: Lab, id: string, path: string) =>
  relocateRun({ store, describeData: describedIn(home), deps: depsIn(home, root) }, id, path)

const resume = (here: Lab, id: string): Promise<void> =>
  resumeRun({ ...here, describeData: describedIn(here.home) }, id, 'resume')

beforeAll(async () => {
  await writeClassImages(at('others'), 1)
})

describe('a run whose data moved', () => {
  it('goes on with the numbers of a run that was never moved, once it is told where they are', async () => {
    const here = lab()
    await writeClassImages(at('images'))
    const id = await queued(here, 1, { data_dir: './images' })
    await workOn(here, id, 'epoch')
    expect(here.store.read(id).status).toBe('stopped')
    renameSync(at('images'), at('moved'))

    const gone = await problemOf(() => resume(here, id))
    expect(gone).toMatchObject({ code: 'data-missing', path: at('images') })
    expect(gone.hint).toContain(`cotrain resume ${id.slice(0, 10)} --data-dir`)
    expect(here.store.read(id).status).toBe('stopped')

    const { identity } = here.store.read(id)
    const other = await problemOf(() => relocate(here, id, 'others'))
    expect(other).toMatchObject({ code: 'data-changed', path: at('others') })
    expect(other.message).toContain(`expected ${identity.parts?.['img_classification']}, found `)
    expect(await problemOf(() => relocate(here, id, 'nowhere'))).toMatchObject({ code: 'file-missing' })

    expect(await relocate(here, id, 'moved')).toMatchObject({ part: 'img_classification', path: at('moved') })
    expect(here.store.read(id)).toMatchObject({ id, identity, status: 'stopped' })
    await resume(here, id)
    await workOn(here, id, 'no')

    const other2 = lab()
    const whole = await queued(other2, 1, { data_dir: './moved' })
    await workOn(other2, whole, 'no')
    expect(whole).toBe(id)
    expect(here.store.read(id).status).toBe('finished')
    expect(here.store.read(id).scores).toEqual(other2.store.read(id).scores)
  })

  it('is refused at once where other data lie in its place', async () => {
    const here = lab()
    await writeClassImages(at('same'))
    const id = await queued(here, 7, { data_dir: './same' })
    await workOn(here, id, 'epoch')
    await writeClassImages(at('same'), 9)
    expect(await problemOf(() => resume(here, id))).toMatchObject({ code: 'data-changed' })
    expect(here.store.read(id).status).toBe('stopped')
  })

  it('is told of the copies that its home knows, and takes none by itself', async () => {
    const here = lab()
    await writeClassImages(at('first'))
    const id = await queued(here, 2, { data_dir: './first' })
    await workOn(here, id, 'epoch')
    await writeClassImages(at('second'))
    const place = { home: here.home, folder: root }
    await dataLibrary.add(place, { path: 'second', name: 'a copy' })
    rmSync(at('first'), { recursive: true })
    const gone = await problemOf(() => resume(here, id))
    expect(gone.hint).toContain(`Known copies: registered set "a copy" in ${at('second')}.`)
    // A new config that names the old place is told as well.
    const [problem] = (await describedIn(here.home)(images(3, { data_dir: './first' }).dataset, 1000, root))
      .problems
    expect(problem?.hint).toContain('registered set "a copy"')
    expect((await placesWithCopies(here.store.read(id), here.home))[0]).toMatchObject({
      present: false,
      copies: [{ path: at('second') }],
    })
  })

  it('goes on too when its config is queued again with the new folder', async () => {
    const here = lab()
    await writeClassImages(at('before'))
    const id = await queued(here, 4, { data_dir: './before' })
    await workOn(here, id, 'epoch')
    renameSync(at('before'), at('after'))
    expect(await queued(here, 4, { data_dir: './after' })).toBe(id)
    await workOn(here, id, 'no')
    expect(here.store.read(id).status).toBe('finished')
  })

  it('on a registered set goes on when the set has been found again', async () => {
    const here = lab()
    await writeClassImages(at('registered'))
    const place = { home: here.home, folder: root }
    const { id: set } = await dataLibrary.add(place, { path: 'registered', name: 'cells' })
    const id = await queued(here, 5, { dataset_cls: 'library', data_set: 'cells' })
    await workOn(here, id, 'epoch')
    renameSync(at('registered'), at('elsewhere'))
    expect((await problemOf(() => resume(here, id))).path).toBe(at('registered'))
    const wrong = await problemOf(() => dataLibrary.relocate(place, { id: 'cells', path: 'others' }))
    expect(wrong).toMatchObject({ code: 'data-changed', path: at('others') })
    expect(wrong.message).toContain(`expected ${set}, found `)
    expect(await dataLibrary.relocate(place, { id: 'cells', path: 'elsewhere' })).toMatchObject({
      id: set,
      origin: at('elsewhere'),
      present: true,
    })
    await resume(here, id)
    await workOn(here, id, 'no')
    expect(here.store.read(id).status).toBe('finished')
    // The run alone can be told as well: its set moves with it.
    renameSync(at('elsewhere'), at('further'))
    await relocate(here, id, 'further')
    expect((await dataLibrary.get(place, set)).origin).toBe(at('further'))
  })

  it('is not told anything while it works', async () => {
    const here = lab()
    await writeClassImages(at('busy'))
    const id = await queued(here, 6, { data_dir: './busy' })
    const record = here.store.read(id)
    await here.store.write({ ...record, status: 'running' })
    const { lock } = here.store.files(id)
    const { tryLock } = await import('../../../../../src-main/disk/file-lock.ts')
    const held = tryLock(lock)
    expect(await problemOf(() => relocate(here, id, 'busy'))).toMatchObject({ code: 'run-state' })
    held?.release()
  })
})

it('a folder that a config names never stands for another', async () => {
  const here = lab()
  const own = join(here.home, 'datasets', 'images', 'ImageFolder')
  await writeClassImages(own)
  const { problems } = await describedIn(here.home)(images(1, { data_dir: './absent' }).dataset, 1000, root)
  expect(problems[0]).toMatchObject({ code: 'data-missing' })
  expect(problems[0]?.hint).toContain(own)
  const free = await describedIn(here.home)(images(1, {}).dataset, 1000, root)
  expect(free.problems).toEqual([])
})
