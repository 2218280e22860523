import { expect, it } from 'vitest'
import { lastWords } from '../../../../../../src-main/io/native/library/last-words.ts'

const GREETING = [
  'WARNING: All log messages before absl::InitializeLog() is called are written to STDERR',
  'I0000 00:00:1795945232.582924    8095 port.cc:153] oneDNN custom operations are on.',
  'W0000 00:00:1795945232.582924    8095 cpu_feature_guard.cc:182] This binary is optimized.',
]

it.each([
  ['nothing but the greeting', GREETING, ''],
  [
    'a fault behind it',
    [...GREETING, 'terminate called after throwing an instance'],
    'terminate called after throwing an instance',
  ],
  ['a fault before it', ['Illegal instruction', ...GREETING, ''], 'Illegal instruction'],
  [
    'an error of the library',
    ['E0000 00:00:1795945232.582924 cuda_driver.cc:1] failed call to cuInit', GREETING[1]!],
    'E0000 00:00:1795945232.582924 cuda_driver.cc:1] failed call to cuInit',
  ],
])('the last words of a child: %s', (_name, lines, words) => {
  expect(lastWords(lines.join('\n'))).toBe(words)
})
