import { expect, it } from 'vitest'
import { partsThere } from '../../../../src-shared/contract/data-parts.ts'

const item = (name: string, present = true) => ({ name, present, detail: '0.5 MB' })

it('names what is there a line a part, and nothing that is missing', () => {
  const images = Array.from({ length: 10_000 }, (_, i) => item(`img_classification/val/${i}.png`))
  expect(partsThere([...images, item('v4/a.h5'), item('b.npy'), item('v1/gone.h5', false)])).toEqual([
    'classification: 10000 files',
    'V4: a.h5, 0.5 MB',
    'b.npy, 0.5 MB',
  ])
})
