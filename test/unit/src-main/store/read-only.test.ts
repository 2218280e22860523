import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { compareRuns } from '../../../../src-main/runs/compare/compare-runs.ts'
import { createRun } from '../../../../src-main/runs/create/create-run.ts'
import { dataLibrary } from '../../../../src-main/data/library/library.ts'
import { runsUsing } from '../../../../src-main/data/places/used-sets.ts'
import { exportRun } from '../../../../src-main/runs/read/export-run.ts'
import { requeueRun, stopRun } from '../../../../src-main/runs/queue/supervise.ts'
import { openRunStore } from '../../../../src-main/store/run-store.ts'
import { writeClassImages } from '../../../support/class-images.ts'
import { disk, labs, openLab, smallConfig } from '../../../support/lab.ts'
import { mayMount, mount, readOnly, unmount } from '../../../support/mounts.ts'
import { problemOf } from '../../../support/problem-of.ts'
import { describedIn, workOn } from '../../../support/real-data.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const root = temporaryFolder()

describe.skipIf(!mayMount())('a home that cannot be written (needs the right to mount)', () => {
  const lab = labs()

  it('is listed and shown when it is read-only, and says so once', async () => {
    const { store, add, home } = lab()
    const id = await add(1)
    store.close()
    onTestFinished(readOnly(home))
    const said: string[] = []
    const reader = openRunStore({ home, disk, log: (text) => said.push(text) })
    expect(reader.list().runs.map((run) => run.id)).toEqual([id])
    expect(reader.list().total).toBe(1)
    expect(reader.summary(id).status).toBe('queued')
    expect(said.filter((text) => text.includes('cannot be written')).length).toBe(1)
    expect(await problemOf(() => reader.checkWritable())).toMatchObject({ code: 'disk-full', path: home })
    reader.close()
  })

  it('is compared and exported, and shows and exports its data; what would write is refused at once', async () => {
    const here = lab()
    const place = { home: here.home, folder: root }
    await writeClassImages(join(root, 'images'))
    await dataLibrary.add(place, { path: 'images', name: 'shown' })
    const config = { ...here.create, describeData: describedIn(here.home) }
    const dataset = { fn: 'img_loader', config: { dataset_cls: 'library', data_set: 'shown', input_size: 8 } }
    const ids: string[] = []
    for (const seed of [1, 2]) {
      const { id } = await createRun(config, smallConfig(seed, { dataset }), { folder: root })
      await workOn(here, id)
      ids.push(id)
    }
    const read = async (home: string) => {
      const store = openRunStore({ home, disk })
      try {
        return {
          groups: compareRuns(store, { ids, baseline: null }).groups.map((group) => group.ids),
          exports: await Promise.all(
            (['config', 'metrics', 'neurons', 'result'] as const).map((what) =>
              exportRun(store, ids[0] as string, what),
            ),
          ),
          sets: await dataLibrary.list(place),
          set: await dataLibrary.get(place, 'shown'),
          images: (await dataLibrary.preview(place, { id: 'shown', images: 2, order: 'spread', from: 0 }))
            .images,
          uses: (await runsUsing(store, 'shown')).total,
        }
      } finally {
        store.close()
      }
    }
    const before = await read(here.home)
    expect(before).toMatchObject({ groups: [ids], uses: 2 })
    here.store.close()
    onTestFinished(readOnly(here.home))
    expect(await read(here.home)).toEqual(before)
    const path = join(root, 'out.npz')
    expect(await dataLibrary.export(place, { id: 'shown', format: 'npz', path })).toBe(path)
    for (const write of [
      () => dataLibrary.add(place, { path: 'images', name: 'again' }),
      () => dataLibrary.relocate(place, { id: 'shown', path: 'images' }),
      () => dataLibrary.remove(place, 'shown'),
    ])
      expect(await problemOf(write)).toMatchObject({ code: 'disk-full', path: here.home })
  })

  it('leaves a run as it was when the disk is full', async () => {
    const home = join(root, 'full')
    mkdirSync(home)
    expect(mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', home)).toBe(true)
    onTestFinished(() => unmount(home))
    const { store, queue, add } = openLab(home)
    const id = await add(1)
    await stopRun(store, queue, id, 'now')
    store.close()
    try {
      writeFileSync(join(home, 'filler'), Buffer.alloc(4 << 20))
    } catch {
      // Full is what it has to be.
    }
    const again = openLab(home)
    expect(again.store.list().runs.map(({ status }) => status)).toEqual(['stopped'])
    expect(await problemOf(() => requeueRun(again.store, again.queue, id, 'resume'))).toMatchObject({
      code: 'disk-full',
      path: home,
    })
    expect(again.store.read(id).status).toBe('stopped')
    expect(existsSync(join(home, 'queue.json.lock'))).toBe(false)
    again.store.close()
  })
})
