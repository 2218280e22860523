import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { NetworkGraph } from '../../engine/eval/trace-network.ts'
import type { NamedArrays, ParamSpec } from '../../engine/types.ts'
import type { ExchangeGraph } from './graph.ts'
import type { GraphWriter, Rule } from './graph-writer.ts'
import { graphWriter } from './graph-writer.ts'
import { layerRules } from './layer-rules.ts'
import { tensorRules } from './tensor-rules.ts'

const RULES: Readonly<Record<string, Rule>> = { ...layerRules, ...tensorRules }

/**
 * What a traced network computes, for programs that hold maps with channels first.
 * Names of constants begin with `constants`.
 * @throws CotrainError `config-invalid` naming the part that has no such form
 */
export function exchangeGraph(
  { values, output }: NetworkGraph,
  specs: readonly ParamSpec[],
  published: NamedArrays,
  constants = 'constant',
): ExchangeGraph {
  const writer = graphWriter(values, specs, published, constants)
  const [images, answer] = [values[0], values[output]]
  if (images === undefined || answer === undefined) throw new RangeError('the trace is empty')
  writer.define(0, 'map', 'images')
  values.forEach(({ from }, at) => {
    if (from.kind !== 'operation') return
    const rule = RULES[from.op]
    if (rule === undefined) throw noForm(from.op, lastPart(writer, at))
    rule(writer, { at, inputs: from.inputs, attrs: from.attrs, part: from.part })
  })
  const [, height = 0, width = 0, channels = 0] = images.shape
  return {
    images: { name: 'images', channels, height, width },
    output: { name: writer.plain(output), columns: answer.shape[1] ?? 0 },
    ops: writer.ops,
    weights: writer.weights,
    constants: writer.constants,
  }
}

/** The layer whose weights were read last before a place. */
function lastPart({ values, specAt }: GraphWriter, at: number): string {
  const before = values.slice(0, at + 1).toReversed()
  for (const { from } of before) {
    if (from.kind !== 'operation') continue
    const spec = Object.values(from.inputs)
      .map(specAt)
      .find((s) => s !== undefined)
    if (spec !== undefined) return spec.torch.name.replace(/\.[^.]*$/, '')
  }
  return 'the images'
}

const noForm = (op: string, part: string): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: 'model',
    message: `what the network computes behind ${part} (${op}) cannot be written for another program.`,
    hint: 'Export its weights instead (--what weights): the published PyTorch code reads them.',
  })
