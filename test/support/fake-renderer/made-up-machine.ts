import type { Result } from '../../../src-shared/contract/contract.ts'

export const DOCTOR: Result<'app.doctor'> = {
  versions: { app: '0.1.0', node: '20.20.2', electron: null, tensorflow: '2.15.0', tfjs: '4.22.0' },
  machine: {
    os: 'Debian GNU/Linux 12',
    cpu: 'AMD EPYC 7B13',
    cores: 2,
    features: ['avx', 'avx2', 'fma'],
    memoryBytes: 16 * 1024 ** 3,
    freeMemoryBytes: 11.2 * 1024 ** 3,
    diskFreeBytes: 212 * 1024 ** 3,
  },
  backend: {
    name: 'native',
    reason: 'TensorFlow 2.15 of the Python package was found and passed the smoke test.',
    threads: 2,
    gpu: false,
    device: '/job:localhost/replica:0/task:0/device:CPU:0',
    matmulMs: 41.7,
  },
  gpus: [],
  adapters: [],
  unusedGpu: null,
  cardIsServed: false,
  webgpu: null,
  proof: {
    key: {
      library: 'TensorFlow 2.15.0 0123456789abcdef',
      processor: 'AuthenticAMD family 26 model 2 stepping 1 (sse4_1 avx avx2 fma avx512f)',
      driver: '',
      threads: 2,
      asked: {},
      cases: 'fedcba9876543210',
    },
    checked: 1906,
    right: 1906,
    repeatable: true,
    usable: true,
    setting: { env: {}, ownRoutes: ['Conv2DBackpropInput'], bfloat16Sums: 'library' },
    off: [
      {
        what: 'bfloat16',
        reason:
          'Conv2DBackpropFilter in bfloat16 is wrong at x [15,9,9,1], kernel 3x3 to 1, padding 0, 2 threads',
      },
    ],
    faults: [
      {
        operation: 'Conv2DBackpropInput',
        dtype: 'float32',
        shape: 'x [15,9,9,1], kernel 3x3 to 1, padding 0, 2 threads',
        kind: 'wrong',
        error: 0.11,
        detail: 'value 6 of 1215 is -18.9, right is -19.8',
      },
    ],
    tried: [
      { setting: 'as it comes', checked: 1906, right: 1904 },
      { setting: 'own route for Conv2DBackpropInput', checked: 1906, right: 1906 },
    ],
    ms: 15_400,
    at: 1_760_000_000_000,
  },
  routes: [
    { route: 'configured', tried: false, ok: false, reason: 'No folder is set.' },
    {
      route: 'python',
      tried: true,
      ok: true,
      reason: 'python3 has tensorflow 2.15.0 with libtensorflow_cc.so.2.',
    },
    { route: 'official', tried: false, ok: false, reason: 'Not needed.' },
    { route: 'wheel', tried: false, ok: false, reason: 'Not needed.' },
    { route: 'embedded', tried: false, ok: true, reason: 'Always there; about four times slower.' },
  ],
  advice: [
    'No GPU was found. Training works on the processor; a CUDA GPU with libcudart.so.11.0 and libcudnn.so.8 would be faster.',
  ],
  text: 'CoTrain 0.1.0\nNode 20.20.2\nTensorFlow 2.15.0, CPU\n',
}

export function modelCardOf(): Result<'config.modelCard'> {
  const layers: Result<'config.modelCard'>['layers'] = []
  const add = (
    block: string,
    name: string,
    kind: string,
    shape: number[],
    parameters: number,
    rf?: number,
  ): void => {
    layers.push({
      name,
      kind,
      block,
      outputShape: shape,
      parameters,
      activationBytes: shape.reduce((a, b) => a * b, 4),
      multiplyAdds: parameters * (shape[0] ?? 1) * (shape[1] ?? 1),
      ...(rf === undefined ? {} : { receptiveField: rf }),
    })
  }
  add('shared', 'conv 0', 'conv 3x3 + batch norm + ReLU', [28, 28, 16], 176, 3)
  add('shared', 'conv 3', 'conv 3x3 + batch norm + ReLU', [28, 28, 16], 2352, 5)
  add('shared', 'pool 6', 'max pool 2x2', [14, 14, 16], 0, 6)
  add('shared', 'conv 7', 'conv 3x3 + batch norm + ReLU', [14, 14, 32], 4704, 10)
  add('v1', 'conv 10', 'conv 3x3 + batch norm + ReLU', [14, 14, 32], 9312, 14)
  add('v1', 'readout session_1', 'Gaussian readout, 96 units', [96], 3456)
  add('v1', 'readout session_2', 'Gaussian readout, 96 units', [96], 3456)
  add('img_classification', 'conv 10', 'conv 3x3 + batch norm + ReLU', [14, 14, 32], 9312, 14)
  add('img_classification', 'pool 13', 'max pool 2x2', [7, 7, 32], 0, 16)
  add('img_classification', 'dense 1', 'dense + ReLU + dropout', [128], 200_832)
  add('img_classification', 'dense 2', 'dense', [10], 1290)
  const sum = (f: (l: (typeof layers)[number]) => number): number => layers.reduce((n, l) => n + f(l), 0)
  return {
    parameters: sum((l) => l.parameters),
    tensors: 41,
    multiplyAdds: sum((l) => l.multiplyAdds),
    activationBytes: sum((l) => l.activationBytes),
    layers,
    parameterList: layers.map((l) => ({
      name: `${l.block}.${l.name}.weight`,
      shape: [3, 3, 16, 16],
      count: l.parameters,
      frozen: false,
    })),
    splits: [{ block: 'v1', receptiveField: 14 }],
  }
}
