import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { leftOut } from '../../../../../src-shared/contract/account.ts'
import { dataSetInfo } from '../../../../../src-shared/contract/views.ts'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { encodedImage, writeTree } from '../../../../support/sample-images.ts'
import { sampleSet } from '../../../../support/sample-set.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = temporaryFolder()
const place = { home: join(root, 'home'), folder: root }

beforeAll(async () => {
  writeTree(join(root, 'images'), {
    'a/0.png': await encodedImage(10),
    'b/0.png': await encodedImage(20),
    'stray.png': await encodedImage(30),
    'responses.npy': 'numbers',
    'README.txt': 'about',
  })
})

it('keeps with a set of images what was used and what was not', async () => {
  const added = dataSetInfo.parse(await dataLibrary.add(place, { path: 'images' }))
  expect(added.account?.used).toEqual([
    { kind: 'split', name: 'training', content: '2 images' },
    { kind: 'class', name: 'a, b', content: '2 classes' },
  ])
  expect(added.account?.left.map(({ name, severity }) => [name, severity])).toEqual([
    ['stray.png', 'warning'],
    ['responses.npy', 'warning'],
    ['README.txt', 'note'],
  ])
  const findings = added.findings.filter(({ code }) => code === 'left-out')
  expect(findings.map(({ where }) => where?.file)).toEqual(['stray.png', 'responses.npy'])
  expect((await dataLibrary.get(place, 'images')).account).toEqual(added.account)
  const ignored = await dataLibrary.ignore(place, {
    id: 'images',
    key: 'left-out @ stray.png',
    reason: 'a scan',
  })
  expect(ignored.findings.find(({ where }) => where?.file === 'stray.png')?.ignored?.reason).toBe('a scan')
})

it('shows the account of images before they are added', async () => {
  const look = await dataLibrary.look({ ...place, home: join(root, 'other') }, { path: 'images' })
  expect(look.account.left.map(({ name }) => name)).toEqual(['stray.png', 'responses.npy', 'README.txt'])
  expect(look.parts?.map(({ name, images }) => [name, images])).toEqual([['train', 2]])
  expect(look.images).toHaveLength(2)
  expect(await dataLibrary.list({ ...place, home: join(root, 'other') })).toEqual([])
})

it('carries what an importer left out in the data file, beside its content', async () => {
  const left = leftOut('unit', ['u9'], { severity: 'warning', reason: 'it has no spikes.', fix: 'Nothing.' })
  const file = join(root, 'left.h5')
  const [told, untold] = [
    await writeCanonical(file, sampleSet({ left }), '2024-01-01T00:00:00Z'),
    await writeCanonical(join(root, 'all.h5'), sampleSet(), '2024-01-01T00:00:00Z'),
  ]
  expect(told).toBe(untold)
  const look = await dataLibrary.look(place, { path: file })
  expect(look.account.left).toEqual(left)
  const added = await dataLibrary.add(place, { path: file })
  expect(added.account?.left).toEqual(left)
  expect(added.findings.find(({ code }) => code === 'left-out')).toMatchObject({
    severity: 'warning',
    message: 'The unit u9 is not used: it has no spikes.',
  })
  expect(added.account?.used.map(({ kind, name }) => [kind, name])).toEqual([
    ['image', 'images'],
    ['session', 'a1'],
  ])
})
