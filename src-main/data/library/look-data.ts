import { resolve } from 'node:path'
import type { Result } from '../../../src-shared/contract/contract.ts'
import type { AddRequest } from './add-data.ts'
import { imageOptionsOf, importJobOf, type ImageImport, isMapped, refuseOptions } from './add-data.ts'
import type { DataDeps } from '../content/data-deps.ts'
import { describeImages, openAllParts } from '../describe/describe-images.ts'
import { describeApart } from '../describe/describe-apart.ts'
import { detectFormat } from './inspect-data.ts'
import { withData } from '../describe/neuron-data.ts'
import { pixelChoice } from '../describe/library-content.ts'
import { prepareImport } from './prepared-import.ts'
import { imagePreview, responsePreview } from '../describe/preview-data.ts'
import { watched, watchedSet } from '../content/watched-work.ts'

/** Images that a look shows. */
const SHOWN = 12

/** Reads a recording or a set of images as adding it would and says what it became; nothing is added. @throws CotrainError as the importer does. */
export async function lookAtData(request: AddRequest, deps: DataDeps): Promise<Result<'data.look'>> {
  const path = resolve(deps.folder, request.path)
  const format = await detectFormat(path, isMapped(request))
  if (format.kind === 'images') return lookAtImages(path, imageOptionsOf(request), deps)
  if (format.kind === 'canonical') refuseOptions(request)
  const file =
    format.kind === 'canonical'
      ? path
      : await prepareImport(importJobOf(path, format.importer, request), deps)
  const {
    summary,
    sessions = [],
    choices = [],
    findings,
    account,
  } = await describeApart(file, 'content', deps)
  return withData(file, async (opened) => {
    const preview = await responsePreview(opened, { id: '', images: SHOWN, order: 'spread', from: 0 })
    const { images, responseHistogram } = preview
    return {
      summary,
      choices: [pixelChoice(opened.images.source.pixels), ...choices],
      sessions,
      findings: [...findings],
      account,
      images,
      responseHistogram,
    }
  })
}

/** Images are decoded into the cache, from which adding them reads. */
async function lookAtImages(
  path: string,
  options: ImageImport,
  deps: DataDeps,
): Promise<Result<'data.look'>> {
  const watching = watched(deps)
  const set = watchedSet(await openAllParts({ path, ...options }, watching), watching)
  const { summary, parts = [], findings, account } = await describeImages(set, path)
  const { images } = await imagePreview(set, { id: '', images: SHOWN, order: 'spread', from: 0 })
  return {
    summary,
    choices: Object.values(set.parts)
      .slice(0, 1)
      .map(({ images: { pixels } }) => pixelChoice(pixels)),
    sessions: [],
    parts,
    findings: [...findings],
    account,
    images,
    responseHistogram: [],
  }
}
