import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkKeptData } from '../../../../../src-main/data/library/check-kept-data.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { findRecord } from '../../../../../src-main/data/places/library-records.ts'
import { writeClassImages } from '../../../../support/class-images.ts'
import { writeRecording } from '../../../../e2e/array-recording.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const deps = { home: join(root, 'home'), folder: root, now: () => 0, date: () => new Date(0) }

it('every set is read and compared with its record: a flipped byte and a lost image are told, and hide no other', async () => {
  await writeClassImages(join(root, 'insects'))
  writeRecording(join(root, 'cells'), 1)
  await dataLibrary.add(deps, { path: 'insects' })
  const { id } = await dataLibrary.add(deps, { path: 'cells', area: 'v1' })
  expect(await checkKeptData(deps)).toEqual({ sets: 2, changed: [] })

  const file = (await findRecord(id, deps)).path
  const bytes = readFileSync(file)
  bytes[bytes.length - 100] = bytes[bytes.length - 100]! ^ 1
  writeFileSync(file, bytes)
  const images = readdirSync(join(root, 'insects'), { recursive: true, encoding: 'utf8' })
  rmSync(
    join(
      root,
      'insects',
      images.find((name) => name.endsWith('.png'))!,
    ),
  )
  const seen: string[] = []
  const { changed } = await checkKeptData(deps, (done, all) => seen.push(`${done} of ${all}`))
  expect(changed.map(({ name }) => name).sort()).toEqual(expect.arrayContaining(['cells', 'insects']))
  expect(seen).toEqual(['0 of 2', '1 of 2'])
})
