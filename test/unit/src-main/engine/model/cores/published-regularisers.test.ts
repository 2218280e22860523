import type { Tensor4D } from '@tensorflow/tfjs-core'
import { beforeAll, describe, it } from 'vitest'
import type { InputRegulariser } from '../../../../../../src-main/engine/model/cores/laplace.ts'
import { laplacePenalty } from '../../../../../../src-main/engine/model/cores/laplace.ts'
import { parameter } from '../../../../../../src-main/engine/model/base/param-spec.ts'
import { fromTorch, toTorch } from '../../../../../../src-main/engine/model/torch-layout.ts'
import { published, publishedNames } from '../../../../../support/published/fixture.ts'
import type { Layout, TraceFixture } from '../../../../../support/published/trace.ts'
import { expectTrace } from '../../../../../support/published/trace.ts'
import { useBackend } from '../../../../../support/backend.ts'

interface RegulariserFixture extends TraceFixture {
  readonly regulariser: InputRegulariser
  readonly padding: number | null
  readonly average: boolean
}

beforeAll(() => useBackend())

/** Kernels are [out, in, rows, columns] there, [rows, columns, in, out] here. */
function kernelLayout([out, channels, rows, columns]: readonly number[]): Layout {
  const shape = [rows, columns, channels, out] as number[]
  const spec = parameter({ name: 'core', torch: 'core', block: 'core' }, 'weight', {
    shape,
    init: { kind: 'constant', value: 0 },
    role: 'weight',
    layout: { kind: 'conv' },
  })
  return {
    ours: ({ data }) => ({ shape, dtype: 'float32', data: fromTorch(spec, data) }),
    published: (values) => toTorch(spec, values),
  }
}

describe('values, gradients and three steps of the published smoothness penalties', () => {
  for (const name of publishedNames('regularisers')) {
    const fixture = published<RegulariserFixture>('regularisers', name)
    const { regulariser: kind, padding, average } = fixture
    it(`${name}: ${fixture.called}`, () => {
      const shape = fixture.tensors['weight']?.[0] ?? []
      return expectTrace(
        fixture,
        (params) =>
          laplacePenalty(params.get('weight') as Tensor4D, { kind, padding, average, kernel: shape[2] ?? 0 }),
        kernelLayout(shape),
      )
    })
  }
})
