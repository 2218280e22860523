import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  sha256,
  sha256OfFile,
  sha256OfParts,
  shortSha256,
  startSha256,
} from '../../../../src-main/disk/sha256.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

// FIPS 180-4, examples of one and of two blocks.
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const LONG = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'
const LONG_DIGEST = '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'

it('is that of the standard, of text, bytes, parts, pieces and files', async () => {
  const bytes = new TextEncoder().encode('abc')
  expect([sha256('abc'), sha256(bytes), sha256OfParts(['a', bytes.subarray(1)])]).toEqual([ABC, ABC, ABC])
  expect(startSha256().update('a').update('bc').digest('hex')).toBe(ABC)
  expect(shortSha256(LONG)).toBe(LONG_DIGEST.slice(0, 16))
  const path = join(temporaryFolder(), 'text')
  writeFileSync(path, LONG)
  expect(await sha256OfFile(path)).toBe(LONG_DIGEST)
  await expect(sha256OfFile(`${path}.gone`)).rejects.toThrow('ENOENT')
})
