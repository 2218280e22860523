import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transpose } from '@tensorflow/tfjs-core'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { stringify } from 'yaml'
import { wordOf } from '../../../src-shared/schema/words.ts'
import { toPublished } from '../../engine/model/index.ts'
import type { Network } from '../../engine/eval/network.ts'
import { forward } from '../../engine/eval/network.ts'
import { traceNetwork } from '../../engine/eval/trace-network.ts'
import type { NamedArray, NamedArrays, Route } from '../../engine/types.ts'
import { writeNewFolder } from '../../disk/new-folder.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { openTrainedNetwork } from '../../data/made-by-runs/trained-network.ts'
import { encodeSafetensors, readSafetensors } from '../../io/formats/tensors/safetensors.ts'
import { safeFileName } from '../../io/exporters/safe-text.ts'
import { exchangeGraph } from '../../io/networks/exchange-graph.ts'
import { onnxFile } from '../../io/networks/onnx-file.ts'
import type { ExportedOutput } from '../../io/networks/torch-code.ts'
import { torchCode } from '../../io/networks/torch-code.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { TrainedRun } from '../evaluate/trained-run.ts'
import { openTrainedRun } from '../evaluate/trained-run.ts'
import { examplePictures } from './example-pictures.ts'
import { outputName, routesOf } from './outputs.ts'
import type { NetworkFormat } from './export-network.ts'
import { visionCode } from './vision-code.ts'

export interface NetworkWish {
  readonly id: string
  readonly to: string
  readonly format: NetworkFormat
}

/** In a worker process: traces each output of the network of a run and writes it down, with pictures and what was answered. */
export async function networkHere(
  { id, to, format }: NetworkWish,
  { store, deps }: { readonly store: RunStore; readonly deps: DataDeps },
): Promise<{ path: string; files: string[] }> {
  const run = await openTrainedRun(store, id, deps)
  const { model } = run.record.config
  const { network, close } = openTrainedNetwork(model, run.shapes, run.weights)
  try {
    const published = toPublished(network.model.specs, readSafetensors(run.weights).arrays)
    const outputs: ExportedOutput[] = []
    const examples = new Map<string, NamedArray>()
    for (const route of routesOf(run.tasks, run.shapes)) {
      const output = await outputOf(run, network, route, published, `constant.${outputs.length}`)
      outputs.push(output)
      const { pictures, answers } = await answered(network, route, output)
      examples.set(`images/${output.name}`, pictures).set(`answers/${output.name}`, answers)
    }
    const title = `${store.summary(id).name}, seed ${run.record.config.seed}, run ${id.slice(0, 10)}`
    const files =
      format === 'pytorch'
        ? pytorchFiles(title, outputs, examples, published, visionCode(model, published))
        : onnxFiles(title, outputs, examples, stringify(model))
    await writeNewFolder(to, async (folder) => {
      for (const [name, content] of files) await writeFile(join(folder, name), content)
    })
    return { path: to, files: [...files.keys()] }
  } finally {
    close()
  }
}

async function outputOf(
  run: TrainedRun,
  network: Network,
  route: Route,
  published: NamedArrays,
  constants: string,
): Promise<ExportedOutput> {
  const shape = run.shapes.inputs[route.task]
  if (shape === undefined) throw new RangeError(`the run has no images of ${route.task}`)
  const traced = await traceNetwork(network, route, [shape.height, shape.width, shape.channels])
  const isClasses = route.task === 'img_classification'
  return {
    name: outputName(route),
    graph: exchangeGraph(traced, network.model.specs, published, constants),
    columns: isClasses
      ? 'Logits of the classes'
      : `Responses of ${wordOf(route.task)}, session ${route.session}`,
    normalisation: run.normalisations[route.task] ?? { mean: [0], std: [1] },
  }
}

/** A few pictures [batch, channels, height, width] and what the network answers. */
async function answered(
  network: Network,
  route: Route,
  { graph: { images, output } }: ExportedOutput,
): Promise<{ readonly pictures: NamedArray; readonly answers: NamedArray }> {
  const given: Tensor4D = examplePictures(images)
  const answer = forward(network, given, route)
  const turned: Tensor4D = transpose(given, [0, 3, 1, 2])
  try {
    const pictures: NamedArray = {
      shape: turned.shape,
      dtype: 'float32',
      data: await turned.data<'float32'>(),
    }
    const shape = [given.shape[0], output.columns]
    return { pictures, answers: { shape, dtype: 'float32', data: await answer.data<'float32'>() } }
  } finally {
    for (const t of [given, answer, turned]) t.dispose()
  }
}

const safetensors = (arrays: NamedArrays): Uint8Array =>
  Buffer.concat([...encodeSafetensors(arrays, { format: 'pt' })])

function pytorchFiles(
  title: string,
  outputs: readonly ExportedOutput[],
  examples: NamedArrays,
  published: NamedArrays,
  vision: string | null,
): Map<string, string | Uint8Array> {
  const constants = outputs.flatMap(({ graph }) =>
    [...graph.constants].filter(([, { shape }]) => shape.length > 0),
  )
  return new Map<string, string | Uint8Array>([
    ['model.py', torchCode(title, outputs, vision)],
    ['model.safetensors', safetensors(published)],
    ['examples.safetensors', safetensors(new Map([...examples, ...constants]))],
  ])
}

function onnxFiles(
  title: string,
  outputs: readonly ExportedOutput[],
  examples: NamedArrays,
  config: string,
): Map<string, string | Uint8Array> {
  const files = outputs.map(
    ({ name, graph, columns, normalisation: { mean, std } }): [string, Uint8Array] => {
      const metadata = { output: name, answers: columns, mean: mean.join(' '), std: std.join(' '), layout: 'NCHW', model: config } // prettier-ignore
      return [`${safeFileName(name)}.onnx`, onnxFile(graph, { description: title, metadata })]
    },
  )
  return new Map<string, string | Uint8Array>([...files, ['examples.safetensors', safetensors(examples)]])
}
