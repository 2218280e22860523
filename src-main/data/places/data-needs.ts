import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { DataNeed } from '../../../src-shared/contract/calls/config.ts'
import type { ImageOptions } from '../../../src-shared/schema/dataset/image-fields.ts'
import { imageSetTitle } from '../../../src-shared/schema/dataset/image-sets.ts'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import type { Area } from '../../../src-shared/schema/names.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import { wordOf } from '../../../src-shared/schema/words.ts'
import { recordingPlace, withPlace } from './data-places.ts'
import { imagePlace, kindOf } from './image-places.ts'
import type { DataRecord } from './library-records.ts'
import { findIn } from './library-records.ts'
import { PART_KEYS, wantedParts } from './wanted-parts.ts'

interface Where {
  readonly home: string
  readonly folder: string
  readonly records: readonly DataRecord[]
}

/** Layouts that several sets share: a set of the layout need not be the one that is wanted. */
const SHARED: ReadonlySet<string> = new Set(['mnist'])

/**
 * What a dataset config needs: made by the app, there, or missing. Where nothing lies at the place that it names, the newest
 * registered set of the same kind stands in, by name; `path` of it is the option below the dataset config.
 */
export function dataNeeds(choice: DatasetChoice, where: Where): DataNeed[] {
  const { images, neural } = wantedParts(choice)
  const option = (part: keyof typeof PART_KEYS, leaf: string): string =>
    choice.fn === 'mtl_loader' ? `${PART_KEYS[part]}.${leaf}` : leaf
  return [
    ...(images === null ? [] : [imageNeed(images, where, (leaf) => option('img_classification', leaf))]),
    ...neural.map(({ area, options }) => recordingNeed(area, options, where, option(area, 'dataset'))),
  ]
}

function imageNeed(images: ImageOptions, where: Where, option: (leaf: string) => string): DataNeed {
  const part = 'img_classification'
  if (images.dataset_cls === 'library') {
    const state = isThere(findIn(where.records, images.data_set)) ? 'there' : 'missing'
    return { part, name: images.data_set, state, standIn: null }
  }
  const name = imageSetTitle(images.dataset_cls)
  if (imagePlace(images, where) !== null) return { part, name, state: 'there', standIn: null }
  const kind = kindOf(images.dataset_cls)
  const isSame = ({ kind: of, facts }: DataRecord): boolean =>
    of === 'images' &&
    kind !== undefined &&
    !SHARED.has(kind) &&
    facts.some((f) => f.label === 'Layout' && f.value === kind)
  const found = where.records.findLast((record) => isSame(record) && isThere(record))
  if (found === undefined) return { part, name, state: 'missing', standIn: null }
  return {
    part,
    name,
    state: 'there',
    standIn: { set: found.name, path: option('data_dir'), value: found.path },
  }
}

function recordingNeed(area: Area, options: NeuralOptions, where: Where, option: string): DataNeed {
  const place = recordingPlace(options, where.folder)
  if (place === null) {
    const made = options.dataset === 'in_silico'
    const name = made
      ? `${wordOf(area)} responses, simulated`
      : `${wordOf(area)} responses that a run predicts`
    return { part: area, name, state: 'made', standIn: null }
  }
  const name = `${wordOf(area)} recording (${basename(options.dataset)})`
  const own = place.option === null ? isThere(findIn(where.records, options.dataset)) : existsSync(place.path)
  if (own) return { part: area, name, state: 'there', standIn: null }
  const isSame = ({ kind, sessions = [] }: DataRecord): boolean =>
    kind === 'neural' && sessions.some((session) => session.area === area)
  const found = where.records.findLast((record) => isSame(record) && isThere(record))
  if (found === undefined) return { part: area, name, state: 'missing', standIn: null }
  return { part: area, name, state: 'there', standIn: { set: found.name, path: option, value: found.name } }
}

const isThere = (record: DataRecord | null): boolean => record !== null && existsSync(record.path)

/** The dataset config with the registered sets that stand in. */
export const withStandIns = (choice: DatasetChoice, needs: readonly DataNeed[]): DatasetChoice =>
  needs.reduce(
    (now, { part, standIn }) =>
      standIn === null ? now : withPlace(now, { part, option: standIn.path }, standIn.value),
    choice,
  )
