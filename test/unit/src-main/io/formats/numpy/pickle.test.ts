import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodePickle, readPickle } from '../../../../../../src-main/io/formats/numpy/pickle.ts'
import type { PickledArray, PickleValue } from '../../../../../../src-main/io/formats/numpy/pickle-value.ts'
import { numpyFiles } from '../../../../../support/numpy-files.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { sharedPath } from '../../../../../support/shared-data.ts'

const file = (name: string): Uint8Array => numpyFiles.pickle.get(name) ?? new Uint8Array(0)
const text = (program: string): Uint8Array => Buffer.from(program, 'latin1')
const failure = async (bytes: Uint8Array): Promise<string> => {
  const { code, path, message } = await problemOf(() => decodePickle(bytes, 's.pickle'))
  return `${code} ${path}: ${message}`
}

test.each([0, 1, 2, 3, 4, 5])('reads what Python wrote with protocol %i', (protocol) => {
  const read = decodePickle(file(`p${protocol}`), 'p') as Map<string, PickleValue>
  const array = (name: string): unknown[] => {
    const { shape, values } = read.get(name) as PickledArray
    return [[...shape], [...values]]
  }
  expect(array('ids')).toEqual([[5], [1, 2, 3, 4, 5]])
  expect(array('resp')).toEqual([
    [3, 4],
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  ])
  expect(array('f')).toEqual([
    [2, 3],
    [0, 1, 2, 3, 4, 5],
  ])
  expect(array('be')).toEqual([[2], [1, -2]])
  expect(array('u')).toEqual([[2], ['ab', 'ü']])
  expect(array('bools')).toEqual([[2], [1, 0]])
  expect(array('zero')).toEqual([[], [3.5]])
  const plain = ['session_id', 'scalar', 'iscalar', 'big', 'neg', 'none', 'flag', 'tuple', 'list', 'text']
  expect(plain.map((name) => read.get(name))).toEqual([
    '210325',
    2.5,
    -7,
    2n ** 70n,
    -5,
    null,
    true,
    [1, 2.5, 'x'],
    [1, [2, [3]]],
    'naïve ☃',
  ])
  expect([...(read.get('bytes') as Uint8Array)]).toEqual([0, 255])
})

test.each([0, 2, 4])('refuses to run a command smuggled in with protocol %i, by name', async (protocol) => {
  expect(await failure(file(`evil${protocol}`))).toMatch(
    /^file-refused s\.pickle, byte \d+: names posix\.system, which is not on the list of plain types\.$/,
  )
})

test('refuses classes, sets, object arrays and persistent ids', async () => {
  expect(await failure(file('cls'))).toContain('names collections.OrderedDict')
  expect(await failure(file('set'))).toContain('byte 11: EMPTY_SET builds a set')
  expect(await failure(file('object'))).toContain('an array holds Python objects, which are never read.')
  expect(await failure(text('(S"x"\nios\nsystem\n.'))).toContain('INST builds an instance')
  expect(await failure(text('Pid\n.'))).toContain('PERSID fetches an object from outside')
  expect(await failure(text('cbuiltins\neval\n(S"1"\ntR.'))).toContain('names builtins.eval')
  expect(await failure(text('\x80\x04\x8c\x02os\x8c\x06system\x93.'))).toContain('names os.system')
})

test('refuses an extension through names that JavaScript objects inherit', async () => {
  expect(await failure(text('cconstructor\nprototype\n.'))).toContain('names constructor.prototype')
  const read = decodePickle(text('(S"__proto__"\nI1\nd.'), 'p') as Map<string, number>
  expect([...read]).toEqual([['__proto__', 1]])
  expect(({} as Record<string, unknown>)['1']).toBeUndefined()
})

test('a list that holds itself is read once', () => {
  const list = decodePickle(file('cycle'), 'p') as PickleValue[]
  expect(list[0]).toBe(1)
  expect(list[1]).toBe(list)
})

test('names the byte at which a damaged file goes wrong', async () => {
  expect(await failure(file('p4').subarray(0, 200))).toMatch(/byte \d+: expected \d+ more bytes/)
  expect(await failure(text(''))).toContain('byte 0: expected 1 more bytes')
  expect(await failure(text('\xff'))).toContain('byte 0: byte 0xff is no pickle instruction')
  expect(await failure(text('0.'))).toContain('finds no value to work on')
  expect(await failure(text('h\x05.'))).toContain('value number 5 was never stored')
  expect(await failure(text('}K\x01K\x02a.'))).toContain('expected a list to append to')
  expect(await failure(text('\x8b\xff\xff\xff\x7f.'))).toContain('holds an integer of 2147483647 bytes')
  expect(await failure(text('\x8e\xff\xff\xff\xff\xff\xff\xff\x0f'))).toContain(
    'more bytes but the file ends at byte 9',
  )
})

test('an array that claims 10^9 elements is an error, not an allocation', async () => {
  const program =
    "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I1000000000\ntcnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nS'abc'\ntb."
  expect(await failure(text(program))).toContain(
    'an array of shape (1000000000) needs 8000000000 bytes, got 3.',
  )
})

test('reads the session file beside the checkout', ({ skip }) => {
  const path = sharedPath('data/v4_derived_monkey_session/neuronal_data/V4_210325.pickle')
  if (!path) return skip('the real data are not beside this checkout')
  const read = readPickle(join(path)) as Map<string, PickledArray>
  expect([...read.keys()].sort()).toEqual([
    'session_id',
    'subject_id',
    'testing_image_ids',
    'testing_responses',
    'training_image_ids',
    'training_responses',
    'unit_ids',
  ])
  expect(read.get('training_responses')?.shape).toEqual([3874, 50])
  expect(read.get('testing_responses')?.shape).toEqual([966, 50])
  expect(read.get('unit_ids')?.shape).toEqual([50])
})
