import type { GoldenCase } from './golden-case.ts'
import type { GoldenFile } from './read-golden.ts'
import { readGoldenFolder } from './read-golden.ts'
import { featureCases } from './vgg-features.ts'
import { parameterListCases } from './vgg-parameter-lists.ts'
import { sharedNetworkCases } from './vgg-shared-network.ts'

export const area = 'vgg'

/** A file lists parameters of models, or describes a feature stack, or a whole shared network. */
export async function cases(folder: string): Promise<GoldenCase[]> {
  return (await readGoldenFolder(`${folder}/${area}`)).flatMap(casesOf)
}

function casesOf(file: GoldenFile): readonly GoldenCase[] {
  const values = file.values as Record<string, unknown> // the three formats are told apart by their keys
  if ('models' in values) return parameterListCases(file)
  return 'prefixes' in values ? featureCases(file) : sharedNetworkCases(file)
}
