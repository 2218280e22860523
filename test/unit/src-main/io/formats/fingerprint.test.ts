import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compareFingerprints, fingerprintPath } from '../../../../../src-main/io/formats/fingerprint.ts'
import { writeTree } from '../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const root = join(folder, 'set')

test('names the files that changed, went or came', () => {
  writeTree(root, { 'a/1.txt': 'one', 'a/2.txt': 'two', 'b.txt': 'three' })
  const before = fingerprintPath(root)
  expect(before.files.map(({ name }) => name)).toEqual(['a/1.txt', 'a/2.txt', 'b.txt'])
  expect(compareFingerprints(before, fingerprintPath(root))).toEqual({ changed: [], missing: [], added: [] })
  writeFileSync(join(root, 'a/1.txt'), 'One')
  rmSync(join(root, 'a/2.txt'))
  writeFileSync(join(root, 'c.txt'), 'new')
  const now = fingerprintPath(root)
  expect(compareFingerprints(before, now)).toEqual({
    changed: ['a/1.txt'],
    missing: ['a/2.txt'],
    added: ['c.txt'],
  })
  expect(now.digest).not.toBe(before.digest)
})

test('content counts, the time of change only decides whether a file is read again', () => {
  const path = join(root, 'b.txt')
  const before = fingerprintPath(path)
  utimesSync(path, 1, 1)
  expect(fingerprintPath(path, before).digest).toBe(before.digest)
  const touched = fingerprintPath(path)
  writeFileSync(path, 'THREE')
  utimesSync(path, 1, 1)
  expect(fingerprintPath(path, touched).digest).toBe(touched.digest) // same size and time: trusted
  expect(fingerprintPath(path).digest).not.toBe(touched.digest)
})
