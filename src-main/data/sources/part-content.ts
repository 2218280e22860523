import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import type { TaskName } from '../../engine/types.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { imageSetFiles } from '../image-sets/image-set-files.ts'
import { CONTENT_RULE, type ContentRule, fingerprintOf } from '../content/manifest.ts'
import { neuralSource } from './neural-source.ts'
import { wantedParts } from '../places/wanted-parts.ts'

/** Fingerprint of one part of a dataset config, as runs of a rule record it. @throws CotrainError where it is not there or no such data */
export async function partFingerprint(
  choice: DatasetChoice,
  part: TaskName,
  seed: number,
  rule: ContentRule,
  deps: DataDeps,
): Promise<string> {
  const { images, neural } = wantedParts(choice)
  if (part === 'img_classification' && images !== null)
    return fingerprintOf(await (await imageSetFiles(images, deps)).content())
  const found = neural.find(({ area }) => area === part)
  if (found === undefined) throw new RangeError(`the config has no part ${part}`)
  const source = await neuralSource({ ...found, seed, classification: images }, deps)
  const manifest = rule === CONTENT_RULE ? source.manifest : await source.former(rule)
  return manifest[0]?.hash ?? ''
}
