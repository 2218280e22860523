import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { NeuralOptions } from '../../../src-shared/schema/dataset/neural-fields.ts'
import { PUBLISHED_SETS } from '../../../src-shared/schema/dataset/neural-rules.ts'
import { runDataOf } from '../../../src-shared/schema/dataset/prediction-fields.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import type { TaskName } from '../../engine/types.ts'
import { imagePlaces, likelyImagePlace } from './image-places.ts'
import type { DataRecord } from './library-records.ts'
import { findIn } from './library-records.ts'
import { PART_KEYS, wantedParts } from './wanted-parts.ts'

/** Where a part of a run's data lies. */
export interface DataPlace {
  readonly part: TaskName
  /** Option of the dataset config that says so, dotted. */
  readonly option: string
  /** Registered set that it names; null for a folder or file. */
  readonly set: string | null
  readonly path: string
  readonly present: boolean
}

/**
 * The places that a dataset config names, and whether anything is there; what it is, is not looked at. Data that are made
 * (in-silico, answers of a run) have none.
 */
export function dataPlaces(
  choice: DatasetChoice,
  where: { readonly home: string; readonly folder: string },
  records: readonly DataRecord[],
): DataPlace[] {
  const { images, neural } = wantedParts(choice)
  const option = (part: TaskName, name: string): string =>
    choice.fn === 'mtl_loader' ? `${PART_KEYS[part]}.${name}` : name
  const registered = (part: TaskName, name: string, leaf: string): DataPlace => {
    const found = findIn(records, name)
    const path = found?.path ?? name
    return { part, option: option(part, leaf), set: name, path, present: found !== null && existsSync(path) }
  }
  const places: DataPlace[] = []
  if (images?.dataset_cls === 'library')
    places.push(registered('img_classification', images.data_set, 'data_set'))
  else if (images !== null) {
    const found = likelyImagePlace(images, where)
    const path = found ?? imagePlaces(images, where).named.at(-1)! // there is always a folder
    const part = 'img_classification'
    places.push({ part, option: option(part, 'data_dir'), set: null, path, present: found !== null })
  }
  for (const { area, options } of neural) {
    const place = recordingPlace(options, where.folder)
    if (place === null) continue
    const { path } = place
    if (place.option === null) places.push(registered(area, options.dataset, 'dataset'))
    else
      places.push({
        part: area,
        option: option(area, place.option),
        set: null,
        path,
        present: existsSync(path),
      })
  }
  return places
}

/** Where a recording lies: `option` null is a registered set; null: it is made. */
export function recordingPlace(
  { dataset, data_dir: dir }: NeuralOptions,
  folder: string,
): { readonly option: 'data_dir' | 'dataset' | null; readonly path: string } | null {
  if (dataset === 'in_silico' || runDataOf(dataset) !== null) return null
  if (PUBLISHED_SETS.some((known) => known === dataset))
    return { option: 'data_dir', path: resolve(folder, dir === '' ? join('data', 'monkey', dataset) : dir) }
  const path = resolve(folder, dataset)
  const isPath = /\.(h5|hdf5)$/i.test(dataset) || /[\\/]/.test(dataset)
  return { option: isPath ? 'dataset' : null, path }
}

/** The dataset config with another place for a part. */
export function withPlace(
  choice: DatasetChoice,
  { option, part }: Pick<DataPlace, 'option' | 'part'>,
  path: string,
): DatasetChoice {
  const leaf = option.slice(option.lastIndexOf('.') + 1)
  const placed = <T extends object>(options: T): T => ({ ...options, [leaf]: path })
  switch (choice.fn) {
    case 'img_loader':
      return { ...choice, config: placed(choice.config) }
    case 'neural_loader':
      return { ...choice, config: placed(choice.config) }
    case 'mtl_loader': {
      const key = PART_KEYS[part]
      const own = choice.config[key]
      return own === null ? choice : { ...choice, config: { ...choice.config, [key]: placed(own) } }
    }
  }
}
