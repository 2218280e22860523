import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transpose } from '@tensorflow/tfjs-core'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { forward } from '../../src-main/engine/eval/network.ts'
import { traceNetwork } from '../../src-main/engine/eval/trace-network.ts'
import type { ModelShapes } from '../../src-main/engine/model/index.ts'
import { initialValues, toPublished } from '../../src-main/engine/model/index.ts'
import { createParamStore } from '../../src-main/engine/tensor/index.ts'
import type { NamedArray, NamedArrays, Route } from '../../src-main/engine/types.ts'
import { encodeSafetensors } from '../../src-main/io/formats/tensors/safetensors.ts'
import { exchangeGraph } from '../../src-main/io/networks/exchange-graph.ts'
import type { ExchangeGraph } from '../../src-main/io/networks/graph.ts'
import { onnxFile } from '../../src-main/io/networks/onnx-file.ts'
import { torchCode } from '../../src-main/io/networks/torch-code.ts'
import { examplePictures } from '../../src-main/runs/exchange/example-pictures.ts'
import { visionCode } from '../../src-main/runs/exchange/vision-code.ts'
import { parseChoice } from '../../src-shared/schema/run-config.ts'
import type { PlainConfig } from '../../src-shared/schema/component.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import { configuredModel } from './configured-model.ts'

export interface ExchangeCase {
  readonly fn: string
  readonly config?: PlainConfig
  readonly shapes: ModelShapes
  readonly route: Route
}

/** A network with weights that are all its own: no norm is the identity, no bias 0. */
async function networkOf({ fn, config = {}, shapes }: ExchangeCase) {
  const model = configuredModel(fn, config, shapes)
  const values = new Map<string, NamedArray>(initialValues(model.specs, createRng(1)))
  for (const { name, role, shape } of model.specs) {
    const array = values.get(name)
    if (array === undefined) continue
    // Classes start nearly equal for all images: they are to differ.
    if (role === 'weight' && shape.length === 2) values.set(name, { ...array, data: Float32Array.from(array.data, (v) => 5 * v) }) // prettier-ignore
    if (!['bias', 'norm', 'statistic'].includes(role)) continue
    const rng = createRng(2).fork(name)
    const data = Float32Array.from(array.data, (v) => (v === 0 || v === 1 ? v + 0.2 * rng.uniform() : v))
    values.set(name, { ...array, data })
  }
  return {
    network: { model, params: createParamStore(values).tensors },
    published: toPublished(model.specs, values),
  }
}

/** Writes a network into a folder for PyTorch and as network.onnx, as an export does; gives its graph. */
export async function writeExchanged(folder: string, given: ExchangeCase): Promise<ExchangeGraph> {
  const { network, published } = await networkOf(given)
  const { route, shapes, fn, config = {} } = given
  const input = shapes.inputs[route.task]
  if (input === undefined) throw new Error('the case has no images')
  const traced = await traceNetwork(network, route, [input.height, input.width, input.channels])
  const graph = exchangeGraph(traced, network.model.specs, published)
  const pictures: Tensor4D = examplePictures(input)
  const answers = forward(network, pictures, route)
  const turned: Tensor4D = transpose(pictures, [0, 3, 1, 2])
  const array = (t: typeof answers | Tensor4D): NamedArray => ({ shape: t.shape, dtype: 'float32', data: t.dataSync<'float32'>() }) // prettier-ignore
  const output = { name: 'out', graph, columns: 'Answers', normalisation: { mean: [0], std: [1] } }
  const choice = parseChoice('model', fn, config, 'model')
  if (!choice.ok) throw new Error('the case has no such model')
  const bytes = (arrays: NamedArrays): Uint8Array =>
    Buffer.concat(encodeSafetensors(arrays, { format: 'pt' }))
  mkdirSync(folder, { recursive: true })
  const constants = [...graph.constants].filter(([, { shape }]) => shape.length > 0)
  const examples = new Map([['images/out', array(turned)], ['answers/out', array(answers)], ...constants])
  writeFileSync(
    join(folder, 'model.py'),
    torchCode('A network', [output], visionCode(choice.value, published)),
  )
  writeFileSync(join(folder, 'model.safetensors'), bytes(published))
  writeFileSync(join(folder, 'examples.safetensors'), bytes(examples))
  writeFileSync(join(folder, 'network.onnx'), onnxFile(graph, { description: 'A network', metadata: {} }))
  return graph
}

/** Python that compares every folder of its arguments with the stored answers: a line of JSON for each. */
export const COMPARE = `
import importlib.util, json, pathlib, sys
import onnx, onnxruntime
from safetensors.numpy import load_file
import numpy as np
for folder in map(pathlib.Path, sys.argv[1:]):
    spec = importlib.util.spec_from_file_location('model', folder / 'model.py')
    model = importlib.util.module_from_spec(spec); spec.loader.exec_module(model)
    said = {'name': folder.name, 'torch': model.check()}
    examples = load_file(folder / 'examples.safetensors')
    images, answers = examples['images/out'], examples['answers/out']
    onnx.checker.check_model(str(folder / 'network.onnx'), full_check=True)
    session = onnxruntime.InferenceSession(str(folder / 'network.onnx'), providers=['CPUExecutionProvider'])
    said['spread'] = float(answers.std(axis=0).max())
    worst = 0.0
    for batch in (1, 3, len(images)):
        found = session.run(None, {'images': images[:batch]})[0]
        assert found.shape == answers[:batch].shape
        worst = max(worst, float((np.abs(found - answers[:batch]) / np.maximum(1, np.abs(answers[:batch]))).max()))
    print('CASE ' + json.dumps({**said, 'onnx': worst}))
`
