import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { AREAS } from '../../../../src-shared/schema/names.ts'
import { nearestName } from '../../../../src-shared/util/nearest-name.ts'
import { openTrainedNetwork } from '../../../data/made-by-runs/trained-network.ts'
import type { KnownLayer, Passes } from '../../../engine/analysis/layer-features.ts'
import { knownLayers, usualLayers } from '../../../engine/analysis/layer-features.ts'
import { stateOf } from '../../../engine/analysis/network-responder.ts'
import type { InputShape } from '../../../engine/data/loaders/input-source.ts'
import type { Normalisation } from '../../../engine/data/loaders/normalise.ts'
import { IDENTITY } from '../../../engine/data/loaders/normalise.ts'
import type { Route, TaskName } from '../../../engine/types.ts'
import type { TrainedRun } from '../../evaluate/trained-run.ts'
import type { ImageSet } from './image-set.ts'

/** A network whose layers are compared; close it to free its tensors. */
export interface OpenedLayers {
  readonly passes: Passes
  readonly layers: readonly KnownLayer[]
  /** How the network reads images of the 0..1 scale. */
  readonly normalisation: Normalisation
  readonly notes: readonly string[]
  close(): void
}

/** More make no readable matrix. */
const MOST_LAYERS = 24
/** What a person may name at most. */
const MOST_NAMED = 64
const TASKS: readonly TaskName[] = [...AREAS, 'img_classification']

/**
 * The network of a run with the layers that were named, or those over its depth. `isOther`: names count that it has.
 * @throws CotrainError `config-invalid` for a run that reads images of another size, or has not such a layer
 */
export function openLayers(
  run: TrainedRun,
  images: ImageSet,
  named: string | null,
  isOther: boolean,
): OpenedLayers {
  const task = readBy(run, images)
  const { network, close } = openTrainedNetwork(run.record.config.model, run.shapes, run.weights)
  try {
    const passes: Passes = {
      ...{ network, shape: run.shapes.inputs[task]! }, // a task that it reads
      routes: routesOf(run, images),
      state: (count) => stateOf(images.state, count),
    }
    const wanted = named === null ? usualLayers(network.model.layers) : namesIn(named)
    const known = knownLayers(passes, wanted)
    if (named !== null && (!isOther || known.length === 0)) requireAll(run, wanted, known, usualLayers(network.model.layers)) // prettier-ignore
    const layers = named === null ? overDepth(known) : known
    const note = `Run ${shortId(run)}: ${layers.length} of its ${known.length} layers, evenly over its depth.`
    return {
      ...{ passes, layers, close },
      normalisation: run.normalisations[task] ?? IDENTITY,
      notes: layers.length < known.length ? [note] : [],
    }
  } catch (error) {
    close()
    throw error
  }
}

export const shortId = ({ record }: TrainedRun): string => record.id.slice(0, 10)

const refuse = (path: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'config-invalid', path, message, hint })

/** The task whose images of this size the run reads: that of the images before others. */
function readBy(run: TrainedRun, { task, shape }: ImageSet): TaskName {
  const { inputs } = run.shapes
  const found = [task, ...TASKS].find(
    (one) => isSame(inputs[one], shape) && inputs[one]?.channels === shape.channels,
  )
  if (found !== undefined) return found
  const own = TASKS.flatMap((one) => inputs[one] ?? []).map(sizeWords)
  throw refuse(
    shortId(run),
    `reads images of ${[...new Set(own)].join(' or ')}, not ${sizeWords(shape)}.`,
    'Compare runs that read images of one size.',
  )
}

const sizeWords = ({ height, width, channels }: InputShape): string => `${height} x ${width} x ${channels}`
const isSame = (a: InputShape | undefined, b: InputShape): boolean =>
  a?.height === b.height && a.width === b.width

/** Every way through the network that takes images of this size: deep ones reach layers that shallow ones do not. */
function routesOf({ shapes, tasks }: TrainedRun, { shape, recorded }: ImageSet): readonly Route[] {
  const ofAreas = AREAS.flatMap((area): Route[] => {
    const sessions = shapes.sessions.filter((s) => s.area === area && isSame(shapes.inputs[area], shape))
    const chosen = sessions.find(({ key }) => key === recorded?.session) ?? sessions[0]
    return chosen === undefined ? [] : [{ task: area, session: chosen.key }]
  })
  const classifies = tasks.includes('img_classification') && isSame(shapes.inputs.img_classification, shape)
  return [...ofAreas, ...(classifies ? [{ task: 'img_classification' } as const] : [])]
}

const namesIn = (text: string): string[] => [
  ...new Set(text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))),
]

function requireAll(
  run: TrainedRun,
  wanted: readonly string[],
  known: readonly KnownLayer[],
  usual: readonly string[],
): void {
  if (wanted.length > MOST_NAMED)
    throw refuse('options.layers', `${wanted.length} layers are too many.`, `Name at most ${MOST_NAMED}.`)
  const missing = wanted.find((name) => !known.some((layer) => layer.name === name))
  if (missing === undefined) return
  const near = nearestName(missing, usual)
  throw refuse(
    'options.layers',
    `run ${shortId(run)} has no layer "${missing}" that these images reach, or names it twice.`,
    near === null ? `Among its layers: ${usual.slice(0, 8).join(', ')}.` : `Did you mean "${near}"?`,
  )
}

/** The first, the last and evenly between. */
const overDepth = (layers: readonly KnownLayer[]): readonly KnownLayer[] =>
  layers.length <= MOST_LAYERS
    ? layers
    : Array.from(
        { length: MOST_LAYERS },
        (_, i) => layers[Math.round((i * (layers.length - 1)) / (MOST_LAYERS - 1))]!,
      )
